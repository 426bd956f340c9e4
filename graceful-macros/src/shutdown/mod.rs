//! `#[derive(Shutdown)]`.

mod after;
mod ast;
mod attr;
mod bounds;
mod check;
mod docs;
mod expand;
mod fallback;
mod forgotten;
mod outcome;
mod plan;
mod sequence;
mod shared;

use crate::error::Errors;
use ast::Input;
use proc_macro2::TokenStream;
use quote::quote;
use syn::DeriveInput;

pub(crate) fn derive(tokens: TokenStream) -> TokenStream {
    let item: DeriveInput = match syn::parse2(tokens) {
        Ok(item) => item,
        Err(error) => return error.into_compile_error(),
    };
    let mut errors = Errors::default();
    let input = Input::from_syn(&item, &mut errors);
    let mistakes = errors.check();
    if mistakes.is_empty() {
        expand::expand(&input)
    } else {
        let fallback = fallback::expand(&item, &input.paths);
        quote!(#mistakes #fallback)
    }
}
