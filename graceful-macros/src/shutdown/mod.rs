//! `#[derive(Shutdown)]`: what was written, what that means, and what it expands to.

mod ast;
mod bounds;
mod close;
mod docs;
mod expand;
mod fallback;
mod forgotten;
mod keys;
mod known;
mod plan;
mod resolve;
mod sequence;
mod shared;
mod state;

use crate::error::Errors;
use ast::Source;
use proc_macro2::TokenStream;
use quote::quote;
use syn::DeriveInput;

pub(crate) fn derive(tokens: TokenStream) -> TokenStream {
    let item: DeriveInput = match syn::parse2(tokens) {
        Ok(item) => item,
        Err(error) => return error.into_compile_error(),
    };
    let mut errors = Errors::default();
    let source = Source::parse(&item, &mut errors);
    let state = resolve::resolve(source, &mut errors);
    let mistakes = errors.check();
    if mistakes.is_empty() {
        expand::expand(&state)
    } else {
        let fallback = fallback::expand(&item, &state.facade);
        quote!(#mistakes #fallback)
    }
}
