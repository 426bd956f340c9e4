//! The expansions as token streams: what a compiler could not show.

mod answers;
mod bugs;
pub(crate) mod deletions;
mod on_file;
mod random;
mod sequence;
mod snapshots;
mod written;

use crate::entry;
use crate::kind::Kind;
use crate::shutdown;
use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::quote;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

fn main(arguments: TokenStream, item: &TokenStream) -> TokenStream {
    entry::expand(arguments, item, Kind::Main, true)
}

fn errors(expansion: &TokenStream) -> usize {
    let text = expansion.to_string();
    text.matches("compile_error").count()
}

/// Every group anywhere in `tokens`.
fn groups(tokens: &TokenStream) -> Vec<Group> {
    tokens
        .clone()
        .into_iter()
        .filter_map(|tree| match tree {
            TokenTree::Group(group) => Some(group),
            _ => None,
        })
        .flat_map(|group| {
            let mut all = groups(&group.stream());
            all.push(group);
            all
        })
        .collect()
}

fn app() -> TokenStream {
    quote! {
        #[shutdown(timeout = "25s")]
        struct App<'a, T: Clone, const N: usize> {
            #[shutdown(timeout = "5s")]
            http: Http,
            #[shutdown(method = drain)]
            nats: T,
            #[shutdown(with = |db, cx| async move { db.close(cx).await })]
            db: [Db; N],
            #[shutdown(drop)]
            logs: Guard,
            name: &'a str,
        }
    }
}

fn shared() -> TokenStream {
    quote! {
        #[shutdown(shared)]
        struct App {
            #[shutdown]
            db: Pool,
            #[shutdown(method = drain)]
            nats: Nats,
            #[shutdown(with = close)]
            http: Http,
            #[shutdown(drop)]
            logs: Mutex<Option<Guard>>,
        }
    }
}

/// So an attribute and the environment read the same durations, and suggest the same names.
#[test]
fn what_the_runtime_needs_too_is_one_file() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |path: &str| fs::read_to_string(root.join(path)).unwrap();
    for (ours, theirs) in [
        ("duration.rs", "duration/grammar.rs"),
        ("similar.rs", "similar.rs"),
    ] {
        let (ours, theirs) = (
            format!("src/{ours}"),
            format!("../graceful-runtime/src/{theirs}"),
        );
        assert!(
            read(&ours) == read(&theirs),
            "{ours} and {theirs} are one file"
        );
    }
}

#[test]
fn attributes_at_the_top_of_a_body_move_above_it_whatever_groups_they_are_in() {
    let hash = Group::new(Delimiter::None, quote!(#));
    for inside in [
        quote!(#![allow(unused)] let x = 1;),
        quote!(#hash ![allow(unused)] let x = 1;),
    ] {
        let expansion = main(quote!(), &quote!(async fn run() { #inside }));
        let text = expansion.to_string();
        assert!(text.starts_with("# [allow (unused)]"), "{text}");
        assert!(text.contains("let x = 1"), "{text}");
    }
}

#[test]
fn a_body_stays_as_it_was_typed() {
    let bodies = [
        quote!({ Ok(()) }),
        quote!({
            let text = "}";
            'label: loop {
                break 'label;
            }
            macro_rules! m {
                ($x:expr) => {
                    $x
                };
            }
        }),
        quote!({ let x = app. }),
        quote!({ let = ; app.close(.) => }),
    ];
    for body in bodies {
        let expansion = main(quote!(), &quote!(async fn main() -> Result<(), E> #body));
        let kept = groups(&expansion);
        let kept = kept
            .iter()
            .any(|group| group.to_string() == body.to_string());
        assert!(kept && errors(&expansion) == 0, "{expansion}");

        let expansion = main(quote!(), &quote!(async fn run(&self) #body));
        let inside = body.to_string();
        let inside = inside.trim_matches(['{', '}', ' ']);
        assert!(expansion.to_string().contains(inside), "{expansion}");
    }
}

#[test]
fn half_typed_arguments_leave_the_function() {
    for arguments in [quote!(flav), quote!(flavor =), quote!(flavor = local.)] {
        let expansion = main(
            arguments,
            &quote!(
                async fn main() {
                    body
                }
            ),
        );
        assert_eq!(errors(&expansion), 1, "{expansion}");
        assert!(
            expansion.to_string().contains("async fn main () { body }"),
            "{expansion}"
        );
    }
}

#[test]
fn half_typed_attributes_leave_an_impl() {
    for attribute in [
        quote!(ord),
        quote!(order =),
        quote!(with = |db|),
        quote!(timeout = "5"),
    ] {
        let expansion = shutdown::derive(quote! {
            struct App<T> {
                #[shutdown(#attribute)]
                db: T,
            }
        });
        assert_eq!(errors(&expansion), 1, "{expansion}");
        let expansion = expansion.to_string();
        assert!(
            expansion.contains("impl < T > __graceful :: Shutdown for App < T >"),
            "{expansion}"
        );
    }
}

#[test]
fn half_typed_fields_leave_an_impl() {
    for item in [
        quote!(
            struct App<T> {
                #[shutdown]
                a: T,
                b
            }
        ),
        quote!(
            struct App<T> {
                a: T,
                #[shutdown]
            }
        ),
        quote!(
            struct App<T>(T, #[shutdown]);
        ),
        quote!(
            enum App<T> {
                A(T) B,
            }
        ),
    ] {
        let expansion = shutdown::derive(item);
        assert_eq!(errors(&expansion), 1, "{expansion}");
        let expansion = expansion.to_string();
        assert!(
            expansion.contains("impl < T > __graceful :: Shutdown for App < T >"),
            "{expansion}"
        );
    }
}

#[test]
fn what_does_not_parse_is_passed_on() {
    for item in [
        quote!(
            struct App;
        ),
        quote!(
            async fn main();
        ),
        quote!(async fn main(x: ) { body }),
        quote!(),
    ] {
        let expansion = main(quote!(), &item);
        assert_eq!(errors(&expansion), 1, "{expansion}");
        assert!(
            expansion.to_string().ends_with(&item.to_string()),
            "{expansion}"
        );
    }
    assert_eq!(
        errors(&shutdown::derive(quote!(
            fn not_a_type() {}
        ))),
        1
    );
}

#[test]
fn what_has_expanded_above_is_named() {
    for (body, kind, name) in [
        (
            quote!(let body = async { }; rt.block_on(body)),
            Kind::Main,
            "tokio::main",
        ),
        (quote!(let body = async { };), Kind::Test, "tokio::test"),
        (
            quote!(<::actix_web::rt::System>::new().block_on(async move {})),
            Kind::Main,
            "actix_web::main",
        ),
        (
            quote!(<::actix_rt::System>::new().block_on(async move {})),
            Kind::Test,
            "actix_rt::test",
        ),
        (
            quote!(let body = other;),
            Kind::Main,
            "the `async` keyword is missing",
        ),
        (quote!(), Kind::Main, "the `async` keyword is missing"),
    ] {
        let item = quote!(#[::core::prelude::v1::ignore] fn main() { #body });
        let expansion = entry::expand(quote!(), &item, kind, true);
        assert_eq!(errors(&expansion), 1, "{expansion}");
        assert!(expansion.to_string().contains(name), "{expansion}");
    }
}

#[test]
fn without_multi_thread_the_flavor_must_be_given() {
    for (arguments, kind, expected) in [
        (quote!(), Kind::Main, 1),
        (quote!(flavor = "multi_thread"), Kind::Main, 1),
        (quote!(flavor = "current_thread"), Kind::Main, 0),
        (quote!(), Kind::Test, 0),
        (quote!(flavor = "multi_thread"), Kind::Test, 1),
    ] {
        let expansion = entry::expand(
            arguments,
            &quote!(
                async fn run() {}
            ),
            kind,
            false,
        );
        assert_eq!(errors(&expansion), expected, "{expansion}");
    }
}

#[test]
fn the_options_of_tokio_are_taken_and_refused_as_tokio_does() {
    let flavors = [
        None,
        Some("multi_thread"),
        Some("current_thread"),
        Some("local"),
    ];
    for (kind, flavor) in [Kind::Main, Kind::Test]
        .into_iter()
        .flat_map(|kind| flavors.map(|flavor| (kind, flavor)))
    {
        let multi_thread = match flavor {
            Some(flavor) => flavor == "multi_thread",
            None => kind == Kind::Main,
        };
        let options = [
            (quote!(worker_threads = 2), multi_thread),
            (quote!(start_paused = true), !multi_thread),
            (quote!(start_paused = false), !multi_thread),
            (quote!(unhandled_panic = "ignore"), !multi_thread),
            (quote!(unhandled_panic = "shutdown_runtime"), !multi_thread),
            (quote!(name = "rt"), true),
            (quote!(crate = "tokio"), true),
        ];
        for (option, accepted) in options {
            let flavor = flavor.map(|flavor| quote!(flavor = #flavor,));
            let expansion = entry::expand(
                quote!(#flavor #option),
                &quote!(
                    async fn run() {}
                ),
                kind,
                true,
            );
            assert_eq!(errors(&expansion) == 0, accepted, "{flavor:?} {option}");
        }
    }
}

#[test]
fn expanding_twice_gives_the_same() {
    let derived = || shutdown::derive(app()).to_string();
    assert_eq!(derived(), derived());
    let run = || {
        main(
            quote!(timeout = "5s"),
            &quote!(
                async fn main() {}
            ),
        )
        .to_string()
    };
    assert_eq!(run(), run());
}

/// Names that begin a path or stand alone: the user's, keywords, or ours by their prefix.
#[test]
fn no_bare_name_could_be_anothers() {
    const KNOWN: [&str; 42] = [
        "__GRACEFUL_PLAN",
        "doc",
        "rustdoc",
        "Self",
        "self",
        "as",
        "async",
        "await",
        "const",
        "crate",
        "else",
        "extern",
        "false",
        "fn",
        "for",
        "if",
        "impl",
        "let",
        "loop",
        "match",
        "move",
        "mut",
        "return",
        "static",
        "true",
        "struct",
        "use",
        "usize",
        "where",
        // Attributes, and the items of the trait.
        "allow",
        "automatically_derived",
        "clippy",
        "deprecated",
        "redundant_lifetimes",
        "unreachable_code",
        "PLAN",
        "PROOF",
        "Output",
        "own",
        "shutdown_shared",
        "_",
        "S",
    ];
    let functions = [
        quote!(
            async fn main() -> App {}
        ),
        quote!(
            async fn run(x: u8) -> u8 {
                x
            }
        ),
    ];
    let options = quote!(
        flavor = "local",
        timeout = "5s",
        signals(SIGINT),
        report = "always",
        start_paused = true
    );
    let mut expansions: Vec<_> = [app(), shared()]
        .map(|item| (item.clone(), shutdown::derive(item)))
        .into();
    for function in functions {
        expansions.push((function.clone(), main(options.clone(), &function)));
    }
    for (input, expansion) in expansions {
        let mut allowed = names(input, true);
        allowed.extend(KNOWN.map(str::to_owned));
        let ours = names(expansion, false);
        let stray: Vec<_> = ours
            .difference(&allowed)
            .filter(|name| {
                // Fields are bound by their names.
                let is_field = |name: &str| allowed.contains(name);
                !name.starts_with("__graceful")
                    && !name.starts_with("__GRACEFUL")
                    && *name != "shutdown"
                    && !name.strip_prefix("__").is_some_and(is_field)
            })
            .collect();
        assert!(stray.is_empty(), "{stray:?}");
    }
}

/// All identifiers, or those alone that follow neither `::`, also at the head of a list of imports, nor `.`.
fn names(tokens: TokenStream, all: bool) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut before = (' ', ' ');
    for tree in tokens {
        let now = match &tree {
            TokenTree::Punct(punct) => punct.as_char(),
            _ => ' ',
        };
        match tree {
            TokenTree::Ident(ident) if all || (before != (':', ':') && before.1 != '.') => {
                found.insert(ident.to_string());
            }
            TokenTree::Group(group) if before != (':', ':') => {
                found.extend(names(group.stream(), all));
            }
            _ => {}
        }
        before = (before.1, now);
    }
    found
}

#[test]
fn a_field_costs_a_bounded_number_of_tokens() {
    let count = |fields: usize| {
        let names = (0..fields).map(|i| Ident::new(&format!("field_{i}"), Span::call_site()));
        let expansion = shutdown::derive(quote! {
            struct App { #(#[shutdown(timeout = "1s", method = close)] #names: Db,)* }
        });
        groups(&expansion)
            .iter()
            .map(|group| group.stream().into_iter().count())
            .sum::<usize>()
    };
    let each = (count(200) - count(100)) / 100;
    assert!(each < 130, "{each} tokens a field");
}
