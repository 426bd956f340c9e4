//! Whatever is written, there is an answer: items that parse, with what the user wrote among them.
//!
//! `cargo test --release -p graceful-macros --lib -- --ignored million` asks a million times, which takes one and a
//! half minutes.

use super::errors;
use super::random::Random;
use super::written::{Corpus, Written};
use crate::entry;
use crate::kind::Kind;
use crate::shutdown;
use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::{ToTokens as _, quote};
use std::panic::{AssertUnwindSafe, catch_unwind};
use syn::{Data, DeriveInput, File, Item, ItemFn};

#[test]
fn random_tokens_are_answered() {
    random_tokens(2_000);
}

#[test]
fn slips_in_what_was_written_are_answered() {
    slips(4_000);
}

#[test]
#[ignore = "one and a half minutes with `--release`, ten without"]
fn a_million_inputs_are_answered() {
    random_tokens(100_000);
    slips(500_000);
}

/// Five inputs in each turn.
fn random_tokens(turns: usize) {
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    for _ in 0..turns {
        let (a, b, c) = (random.stream(3), random.stream(3), random.stream(3));
        derived(&quote!(#[shutdown(#a)] struct App { #[shutdown(#b)] x: u8, #[shutdown #c] y: T }));
        derived(&a);
        function(&a, &quote!(async fn main() { #b }), Kind::Main, true);
        function(&b, &quote!(#a async fn #c), Kind::Main, true);
        function(&c, &a, Kind::Test, false);
    }
}

/// One input in each turn, some with several slips.
fn slips(turns: usize) {
    let corpus = Corpus::read();
    assert!(corpus.derived.len() > 100 && corpus.functions.len() > 100);
    let trees = |written: &Vec<Written>| -> Vec<TokenTree> {
        let both = written.iter();
        let both = both.flat_map(|written| [written.arguments.clone(), written.item.clone()]);
        let groups = both.flat_map(|tokens| super::groups(&tokens));
        groups.flat_map(|group| group.stream()).collect()
    };
    let (of_types, of_functions) = (trees(&corpus.derived), trees(&corpus.functions));
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    for turn in 0..turns {
        let times = 1 + random.below(3);
        if turn % 2 == 0 {
            let written = &corpus.derived[random.below(corpus.derived.len())];
            let mut item = written.item.clone();
            for _ in 0..times {
                item = random.slip(item, &of_types);
            }
            derived(&item);
            continue;
        }
        let written = &corpus.functions[random.below(corpus.functions.len())];
        let Written {
            mut arguments,
            mut item,
            ..
        } = written.clone();
        for _ in 0..times {
            if random.below(2) == 0 {
                arguments = random.slip(arguments, &of_functions);
            } else {
                item = random.slip(item, &of_functions);
            }
        }
        let kind = [Kind::Main, Kind::Test][random.below(2)];
        function(&arguments, &item, kind, random.below(8) != 0);
    }
}

fn derived(item: &TokenStream) {
    let expansion = answer(item, || shutdown::derive(item.clone()));
    let input = syn::parse2::<DeriveInput>(item.clone());
    let head = || syn::parse2(shutdown::without_body(item.clone()));
    // For syn `_` is a name; rustc refuses it before it asks a macro.
    if (input.clone().or_else(|_| head())).is_ok_and(|read| has_nameless_part(&read)) {
        return;
    }
    let file = parsed(item, &expansion);
    let mistakes = mistakes(&file);
    let Ok(input) = input else {
        assert!(mistakes > 0, "{item}\n{expansion}");
        return;
    };
    // The compiler keeps the item.
    let implemented = format!("Shutdown for {} ", input.ident);
    let complete = expansion.to_string().contains(&implemented) && mistakes < file.items.len();
    assert!(complete, "{item}\n{expansion}");
}

fn has_nameless_part(input: &DeriveInput) -> bool {
    let (fields, variants): (Vec<_>, Vec<_>) = match &input.data {
        Data::Struct(data) => (data.fields.iter().collect(), Vec::new()),
        Data::Enum(data) => {
            let fields = data.variants.iter().flat_map(|variant| &variant.fields);
            let variants = data.variants.iter().map(|variant| &variant.ident);
            (fields.collect(), variants.collect())
        }
        Data::Union(data) => (data.fields.named.iter().collect(), Vec::new()),
    };
    let fields = fields.iter().filter_map(|field| field.ident.as_ref());
    let types = input.generics.type_params().map(|param| &param.ident);
    let numbers = input.generics.const_params().map(|param| &param.ident);
    let mut names = fields.chain(variants).chain(types).chain(numbers);
    input.ident == "_" || names.any(|name| name == "_")
}

fn function(arguments: &TokenStream, item: &TokenStream, kind: Kind, multi_thread: bool) {
    let input = quote!(#[entry(#arguments)] #item);
    let expansion = answer(&input, || {
        entry::expand(arguments.clone(), item, kind, multi_thread)
    });
    let Some((head, body)) = split(item) else {
        passed_on(&input, item, &expansion);
        return;
    };
    let (text, body) = (expansion.to_string(), body.to_string());
    // Attributes at its top move out of it. Fragments of `macro_rules!` are printed with spaces around them.
    let is_kept = body.replace(' ', "").starts_with("#!") || text.contains(&body);
    // What stands in a body is not ours to understand.
    let Ok(declared) = syn::parse2::<ItemFn>(quote!(#head {})) else {
        // Where its qualifiers are in a wrong order rustc has refused it, and goes on.
        if !is_kept || text.ends_with(&item.to_string()) {
            passed_on(&input, item, &expansion);
        }
        return;
    };
    assert!(is_kept, "{input}\n{expansion}");
    // syn reads what it can't print, such as arguments behind a fragment of `macro_rules!` that is `self`.
    let printed = syn::parse2::<ItemFn>(item.clone()).map(ItemFn::into_token_stream);
    if printed.and_then(syn::parse2::<ItemFn>).is_ok() {
        let file = parsed(&input, &expansion);
        let kept = file.items.iter().filter(|kept| match kept {
            Item::Fn(kept) => kept.sig.ident == declared.sig.ident,
            _ => false,
        });
        assert!(
            kept.count() == 1 && mistakes(&file) + 1 == file.items.len(),
            "{input}\n{expansion}"
        );
    }
}

/// An error, and the item as it was.
fn passed_on(input: &TokenStream, item: &TokenStream, expansion: &TokenStream) {
    let kept = expansion.to_string().ends_with(&item.to_string());
    assert!(kept && errors(expansion) > 0, "{input}\n{expansion}");
}

fn split(item: &TokenStream) -> Option<(TokenStream, TokenStream)> {
    let mut trees: Vec<_> = item.clone().into_iter().collect();
    // A fragment of `macro_rules!` may hold nothing, and the parser sees none.
    while trees.last().is_some_and(is_nothing) {
        trees.pop();
    }
    let body = braced(trees.pop()?)?;
    Some((trees.into_iter().collect(), body))
}

fn is_nothing(tree: &TokenTree) -> bool {
    match tree {
        TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
            group.stream().into_iter().all(|tree| is_nothing(&tree))
        }
        _ => false,
    }
}

/// What is in the braces, also where a fragment of `macro_rules!` is around them.
fn braced(tree: TokenTree) -> Option<TokenStream> {
    match tree {
        TokenTree::Group(group) => match group.delimiter() {
            Delimiter::Brace => Some(group.stream()),
            Delimiter::None => group.stream().into_iter().next().and_then(braced),
            Delimiter::Parenthesis | Delimiter::Bracket => None,
        },
        _ => None,
    }
}

fn answer(input: &TokenStream, expand: impl FnOnce() -> TokenStream) -> TokenStream {
    catch_unwind(AssertUnwindSafe(expand)).unwrap_or_else(|_| panic!("of {input}"))
}

fn parsed(input: &TokenStream, expansion: &TokenStream) -> File {
    syn::parse2(expansion.clone()).unwrap_or_else(|error| panic!("{error}: {input}\n{expansion}"))
}

fn mistakes(file: &File) -> usize {
    let mistakes = file.items.iter().filter(|item| match item {
        Item::Macro(item) => item
            .mac
            .path
            .segments
            .last()
            .is_some_and(|name| name.ident == "compile_error"),
        _ => false,
    });
    mistakes.count()
}
