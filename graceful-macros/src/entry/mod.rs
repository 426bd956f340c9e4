//! `#[graceful::main]` and `#[graceful::test]`: what was written, what that means, and what it expands to.

mod ast;
mod conflict;
mod expand;
mod fallback;
mod options;
mod resolve;

use crate::error::Errors;
use crate::kind::Kind;
use ast::Function;
use expand::Entry;
use options::Options;
use proc_macro2::TokenStream;
use quote::quote;
use resolve::How;

/// `multi_thread` is whether the facade was built with `rt-multi-thread`.
pub(crate) fn expand(
    arguments: TokenStream,
    tokens: &TokenStream,
    kind: Kind,
    multi_thread: bool,
) -> TokenStream {
    let mut function = match Function::read(tokens.clone()) {
        Ok(function) => function,
        Err(error) => {
            let error = error.into_compile_error();
            return quote!(#error #tokens);
        }
    };
    let mut errors = Errors::default();
    let options = Options::parse(arguments, kind, &mut errors);
    let how = resolve::resolve(&mut function, &options, kind, multi_thread, &mut errors);
    let mistakes = errors.check();
    let entry = Entry {
        options: &options,
        kind,
        is_right: mistakes.is_empty(),
    };
    let expansion = match how {
        How::Refused => {
            let is_main = resolve::is_main(&function, kind);
            fallback::expand(function, is_main, kind)
        }
        How::Main => entry.main(function, false),
        How::MainAsWritten => entry.main(function, true),
        How::Function => entry.function(function),
    };
    quote!(#mistakes #expansion)
}
