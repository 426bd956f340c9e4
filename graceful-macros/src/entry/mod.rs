//! `#[graceful::main]` and `#[graceful::test]`.

mod check;
mod conflict;
mod expand;
mod fallback;
mod item;
mod options;
mod platform;
mod signals;

use crate::error::Errors;
use crate::kind::Kind;
use item::Item;
use options::Options;
use proc_macro2::TokenStream;
use quote::quote;

/// `multi_thread` is whether the facade was built with `rt-multi-thread`.
pub(crate) fn expand(
    arguments: TokenStream,
    tokens: &TokenStream,
    kind: Kind,
    multi_thread: bool,
) -> TokenStream {
    let mut item = match Item::read(tokens.clone()) {
        Ok(item) => item,
        Err(error) => {
            let error = error.into_compile_error();
            return quote!(#error #tokens);
        }
    };
    let mut errors = Errors::default();
    let options = Options::read(arguments, kind, &mut errors);
    options.check(kind, multi_thread, &item.sig.ident, &mut errors);
    platform::check(&options, &mut errors);
    conflict::remove(&mut item, kind, options.crate_path.as_ref(), &mut errors);
    let mistakes = check::signature(&item, kind);
    let is_main = item.is_main(kind);
    let runs = item.sig.asyncness.is_some() && (mistakes.is_empty() || !is_main);
    for mistake in mistakes {
        errors.push_syn(mistake);
    }
    let mistakes = errors.check();
    // Refused already, and rustc would refuse it again.
    if item.sig.asyncness.is_some() {
        item.sig.constness = None;
    }
    let proofs = mistakes.is_empty();
    let expansion = match (runs, is_main) {
        (false, _) => fallback::expand(item, kind),
        (true, true) => expand::main(item, &options, proofs),
        (true, false) => expand::function(item, &options, kind, proofs),
    };
    quote!(#mistakes #expansion)
}
