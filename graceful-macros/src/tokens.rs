//! Names and places that both expansions share.

use proc_macro2::{Group, Ident, Literal, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::Path;

use crate::duration::Parts;

/// Where the facade is, and what the expansion alone may use of it.
pub(crate) struct Paths {
    pub(crate) graceful: TokenStream,
    pub(crate) private: TokenStream,
}

impl Paths {
    pub(crate) fn new(crate_path: Option<&Path>) -> Self {
        let graceful = crate_path.map_or_else(|| quote!(::graceful), Path::to_token_stream);
        let private = quote!(#graceful::__private);
        Self { graceful, private }
    }

    pub(crate) fn duration(&self, parts: Parts) -> TokenStream {
        let private = &self.private;
        let seconds = Literal::u64_unsuffixed(parts.seconds);
        let nanos = Literal::u32_unsuffixed(parts.nanos);
        quote!(#private::Duration::new(#seconds, #nanos))
    }
}

/// A local of ours, which no token of the user's can name.
pub(crate) fn local(name: &str) -> Ident {
    Ident::new(&format!("__graceful_{name}"), Span::mixed_site())
}

/// `call(arguments)` blamed on `culprit`, all of it: rustc underlines a call from the first token of
/// its path to the closing parenthesis.
pub(crate) fn blamed(
    culprit: impl ToTokens,
    call: TokenStream,
    arguments: TokenStream,
) -> TokenStream {
    let (first, last) = ends(culprit.to_token_stream());
    let mut arguments = Group::new(proc_macro2::Delimiter::Parenthesis, arguments);
    arguments.set_span(Span::call_site().located_at(last));
    let call = relocated(call, first);
    quote!(#call #arguments)
}

fn relocated(tokens: TokenStream, place: Span) -> TokenStream {
    tokens
        .into_iter()
        .map(|mut tree| {
            tree.set_span(tree.span().located_at(place));
            tree
        })
        .collect()
}

fn ends(tokens: TokenStream) -> (Span, Span) {
    let mut trees = tokens.into_iter();
    let first = trees
        .next()
        .map_or_else(Span::call_site, |tree| tree.span());
    (first, trees.last().map_or(first, |tree| tree.span()))
}

/// Whether an identifier that fits is anywhere in `tokens`.
pub(crate) fn mentions(tokens: TokenStream, mut fits: impl FnMut(&Ident) -> bool) -> bool {
    fn search(tokens: TokenStream, fits: &mut dyn FnMut(&Ident) -> bool) -> bool {
        tokens.into_iter().any(|tree| match tree {
            TokenTree::Ident(ident) => fits(&ident),
            TokenTree::Group(group) => search(group.stream(), fits),
            TokenTree::Punct(_) | TokenTree::Literal(_) => false,
        })
    }
    search(tokens, &mut fits)
}
