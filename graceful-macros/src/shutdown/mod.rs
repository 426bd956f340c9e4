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
use proc_macro2::{Group, TokenStream, TokenTree};
use quote::quote;
use syn::DeriveInput;

pub(crate) fn derive(tokens: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let item = syn::parse2(tokens.clone()).or_else(|error| {
        errors.push_syn(error);
        syn::parse2(without_body(tokens))
    });
    let item: DeriveInput = match item {
        Ok(item) => item,
        Err(_) => return errors.check(),
    };
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

/// What is left of an item that can't be read, as where a field is half typed: enough for an impl.
pub(crate) fn without_body(tokens: TokenStream) -> TokenStream {
    let mut trees: Vec<_> = tokens.into_iter().collect();
    let body = trees.iter_mut().rev().find_map(|tree| match tree {
        TokenTree::Group(group) => Some(group),
        _ => None,
    });
    if let Some(body) = body {
        *body = Group::new(body.delimiter(), TokenStream::new());
    }
    trees.into_iter().collect()
}
