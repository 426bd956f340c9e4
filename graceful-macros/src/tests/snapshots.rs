//! What inputs of every kind expand to, as files that a person can read. `tests/ui/pass/expansions.rs` compiles them.
//!
//! `GRACEFUL_BLESS=1 cargo test -p graceful-macros snapshots` writes them anew.

#![allow(
    clippy::needless_pass_by_value,
    reason = "an input is written where it is given"
)]

use crate::entry;
use crate::kind::Kind;
use crate::shutdown;
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use std::collections::BTreeSet;
use std::path::Path;
use std::{env, fs};
use syn::{DeriveInput, File};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/tests/expected");

/// A name, the input as it would be written, and what the compiler then sees.
type Case = (&'static str, TokenStream, TokenStream);

#[test]
fn expansions_are_as_expected() {
    let bless = env::var_os("GRACEFUL_BLESS").is_some();
    let mut names = BTreeSet::new();
    let mut differing = Vec::new();
    for (name, input, expansion) in cases() {
        let text = commented(&pretty(&input)) + "\n" + &pretty(&expansion);
        let file = format!("{name}.rs");
        let path = Path::new(FOLDER).join(&file);
        if bless {
            fs::write(&path, &text).unwrap();
        }
        if fs::read_to_string(&path).unwrap_or_default() != text {
            differing.push(format!("{}:\n{text}", path.display()));
        }
        names.insert(file);
    }
    assert!(
        differing.is_empty(),
        "not as expected, `GRACEFUL_BLESS=1` would write these: {}",
        differing.join("\n")
    );
    let files = fs::read_dir(FOLDER).unwrap();
    let files: BTreeSet<_> = files
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(files, names);
}

fn pretty(tokens: &TokenStream) -> String {
    let file: File =
        syn::parse2(tokens.clone()).unwrap_or_else(|error| panic!("{error}: {tokens}"));
    prettyplease::unparse(&file)
}

fn commented(text: &str) -> String {
    text.lines().flat_map(|line| ["// ", line, "\n"]).collect()
}

fn cases() -> Vec<Case> {
    let mut cases = derives();
    cases.extend(functions());
    cases
}

fn derive(name: &'static str, item: TokenStream) -> Case {
    let mut bare: DeriveInput = syn::parse2(item.clone()).unwrap();
    let expansion = shutdown::derive(item.clone());
    strip(&mut bare);
    (
        name,
        quote!(#[derive(Shutdown)] #item),
        quote!(#bare #expansion),
    )
}

/// Takes the derive's own attributes away, as nothing else knows them.
fn strip(item: &mut DeriveInput) {
    item.attrs.clear();
    let fields: Vec<_> = match &mut item.data {
        syn::Data::Struct(data) => data.fields.iter_mut().collect(),
        syn::Data::Enum(data) => data
            .variants
            .iter_mut()
            .flat_map(|variant| variant.fields.iter_mut())
            .collect(),
        syn::Data::Union(_) => Vec::new(),
    };
    for field in fields {
        field.attrs.clear();
    }
}

#[allow(clippy::too_many_lines, reason = "a list")]
fn derives() -> Vec<Case> {
    vec![
        derive(
            "ways_to_close",
            quote! {
                #[shutdown(timeout = "2m")]
                struct App {
                    #[shutdown(timeout = "10s")]
                    http: Http,
                    #[shutdown(method = drain)]
                    nats: Option<Nats>,
                    #[shutdown(with = |db, _| db.close())]
                    cache: Db,
                    #[shutdown(order = 1, with = |db, cx| async move { close(db, cx).await })]
                    db: Db,
                    #[shutdown(timeout = "1m30s", order = 0, with = close, name = "replica")]
                    other: Db,
                    #[shutdown(method = say(1000, "bye"))]
                    socket: Socket,
                    #[shutdown(drop)]
                    log: Guard,
                    #[shutdown(skip)]
                    spare: Http,
                    name: String,
                }
            },
        ),
        derive(
            "moments",
            quote! {
                struct App {
                    #[shutdown(last)]
                    logs: Guard,
                    #[shutdown(last, method = flush)]
                    spans: Spans,
                    #[shutdown(timeout = "2s", at_request = Registry::leave, method = close)]
                    registry: Registry,
                    #[shutdown(at_request = |peers| async move { tell(peers).await }, drop)]
                    peers: Peers,
                    #[shutdown(timeout = "5s", method = drain, force = stop)]
                    grpc: Grpc,
                    #[shutdown(force = abort)]
                    pool: Pool,
                }
            },
        ),
        derive(
            "after",
            quote! {
                struct App {
                    #[shutdown(after(http, r#type), timeout = "2s")]
                    db: Http,
                    #[shutdown]
                    http: Http,
                    #[shutdown(drop, after(http), name = "kind")]
                    r#type: Guard,
                    #[shutdown(drop, order = 1, after(r#type))]
                    log: Guard,
                }
            },
        ),
        derive(
            "tuple",
            quote!(
                struct Pair(#[shutdown(drop)] Guard, #[shutdown] Http);
            ),
        ),
        derive(
            "unit",
            quote!(
                #[shutdown(nothing)]
                struct Nothing;
            ),
        ),
        derive(
            "variants",
            quote! {
                enum Server {
                    Http(#[shutdown(timeout = "5s")] Http),
                    Nats {
                        #[shutdown(method = drain)]
                        nats: Nats,
                        port: u16,
                    },
                    None,
                }
            },
        ),
        derive(
            "generic",
            quote! {
                struct App<'a, T: Clone, const N: usize>
                where
                    T: Send,
                {
                    #[shutdown(timeout = "5s")]
                    all: [T; N],
                    kept: Vec<T>,
                    name: &'a str,
                }
            },
        ),
        derive(
            "shared",
            quote! {
                #[shutdown(shared, timeout = "25s")]
                struct App {
                    #[shutdown(timeout = "10s")]
                    http: Http,
                    #[shutdown(method = flush)]
                    nats: Nats,
                    #[shutdown(with = close)]
                    db: Db,
                    #[shutdown(drop)]
                    log: Mutex<Option<Guard>>,
                    name: String,
                }
            },
        ),
        derive(
            "shared_generic",
            quote! {
                #[shutdown(shared)]
                struct App<T: Clone> {
                    #[shutdown]
                    service: T,
                    #[shutdown]
                    worker: Mutex<Option<T>>,
                }
            },
        ),
    ]
}

fn attribute(
    name: &'static str,
    kind: Kind,
    options: TokenStream,
    item: TokenStream,
    around: impl Fn(TokenStream) -> TokenStream,
) -> Case {
    let expansion = entry::expand(options.clone(), &item, kind, true);
    let path = match kind {
        Kind::Main => quote!(graceful::main),
        Kind::Test => quote!(graceful::test),
    };
    let options = (!options.is_empty()).then(|| quote!((#options)));
    (
        name,
        around(quote!(#[#path #options] #item)),
        around(expansion),
    )
}

fn functions() -> Vec<Case> {
    let main = |name, options, item| attribute(name, Kind::Main, options, item, |item| item);
    vec![
        main(
            "main",
            quote!(),
            quote!(
                async fn main() {
                    serve().await;
                }
            ),
        ),
        main(
            "main_state",
            quote!(
                flavor = "multi_thread",
                worker_threads = 4,
                name = "orders",
                timeout = "55s",
                delay = "5s",
                grace = "65s",
                pre_stop = "10s",
                blocking_grace = "500ms",
                signals(SIGTERM, SIGHUP),
                report = "always"
            ),
            quote! {
                /// Starts up.
                pub async fn main() -> Result<Pool, std::io::Error> {
                    serve().await;
                    Ok(Pool)
                }
            },
        ),
        main(
            "main_opaque",
            quote!(flavor = "current_thread"),
            quote!(
                async fn main() -> impl std::process::Termination {
                    serve().await
                }
            ),
        ),
        main(
            "function",
            quote!(flavor = "local"),
            quote! {
                pub async fn run<T: ToString>(value: &T) -> Result<String, std::io::Error> {
                    serve().await;
                    Ok(value.to_string())
                }
            },
        ),
        attribute(
            "method",
            Kind::Main,
            quote!(crate = graceful),
            quote! {
                pub async fn run(&mut self, (a, b): (u8, u8)) {
                    self.0 += a + b;
                }
            },
            |item| quote!(struct Service(u8); impl Service { #item }),
        ),
        attribute(
            "test",
            Kind::Test,
            quote!(start_paused = true, timeout = "5s"),
            quote! {
                #[should_panic]
                async fn test() {
                    serve().await;
                    panic!();
                }
            },
            |item| item.to_token_stream(),
        ),
    ]
}
