//! Names and places that both expansions share.

use proc_macro2::{Delimiter, Group, Ident, Literal, Span, TokenStream, TokenTree};
use quote::{ToTokens, TokenStreamExt, quote};
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

    /// Imports for the top of a block, and the short paths that lead through them.
    pub(crate) fn imported(&self) -> (TokenStream, Self) {
        let Self { graceful, private } = self;
        let imports = quote! {
            use #graceful as __graceful;
            use #private as __graceful_private;
        };
        let short = Self {
            graceful: quote!(__graceful),
            private: quote!(__graceful_private),
        };
        (imports, short)
    }

    /// What the methods of the traits return.
    pub(crate) fn future(&self) -> TokenStream {
        let Self { graceful, private } = self;
        quote!(impl #private::Future<Output = #graceful::Result> + #private::Send)
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

/// `callee(arguments)` as if it stood where `culprit` does, so that rustc blames that, all of it: it underlines a call
/// from its first token to the closing parenthesis. A callee of one or two segments, or lints about paths see it too.
pub(crate) fn blamed(
    culprit: &dyn ToTokens,
    callee: TokenStream,
    arguments: TokenStream,
) -> TokenStream {
    let mut arguments = Group::new(Delimiter::Parenthesis, arguments);
    arguments.set_span(end(culprit));
    let mut tokens = placed(culprit, callee);
    tokens.append(arguments);
    tokens
}

/// `tokens` as if they stood where `culprit` begins.
pub(crate) fn placed(culprit: &dyn ToTokens, tokens: TokenStream) -> TokenStream {
    let first = start(culprit);
    respanned(tokens, &|_| first)
}

/// `tokens` where `place` is, with the hygiene that they have.
pub(crate) fn located(tokens: TokenStream, place: Span) -> TokenStream {
    respanned(tokens, &|span| span.located_at(place))
}

fn respanned(tokens: TokenStream, span: &dyn Fn(Span) -> Span) -> TokenStream {
    let mut respanned = TokenStream::new();
    for mut tree in tokens {
        tree.set_span(span(tree.span()));
        respanned.append(tree);
    }
    respanned
}

pub(crate) fn start(tokens: &dyn ToTokens) -> Span {
    let first = tokens.to_token_stream().into_iter().next();
    first.map_or_else(Span::call_site, |tree| tree.span())
}

pub(crate) fn end(tokens: &dyn ToTokens) -> Span {
    let last = tokens.to_token_stream().into_iter().last();
    last.map_or_else(Span::call_site, |tree| tree.span())
}

/// A path as it is mostly written: without the colons before it, and without what is generic.
pub(crate) fn path_name(path: &Path) -> String {
    let mut name = String::new();
    for segment in &path.segments {
        if !name.is_empty() {
            name += "::";
        }
        name += &segment.ident.to_string();
    }
    name
}

/// `tokens` for a place where `Self` means nothing.
pub(crate) fn without_self(tokens: TokenStream, name: &Ident) -> TokenStream {
    let mut replaced = TokenStream::new();
    for tree in tokens {
        replaced.append(match tree {
            TokenTree::Ident(ident) if ident == "Self" => {
                TokenTree::Ident(Ident::new(&name.to_string(), ident.span()))
            }
            TokenTree::Group(group) => {
                let inside = without_self(group.stream(), name);
                let mut replaced = Group::new(group.delimiter(), inside);
                replaced.set_span(group.span());
                TokenTree::Group(replaced)
            }
            other => other,
        });
    }
    replaced
}

/// Whether an identifier that fits is anywhere in `tokens`.
pub(crate) fn mentions(tokens: TokenStream, fits: &dyn Fn(&Ident) -> bool) -> bool {
    tokens.into_iter().any(|tree| match tree {
        TokenTree::Ident(ident) => fits(&ident),
        TokenTree::Group(group) => mentions(group.stream(), fits),
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}

#[cfg(test)]
mod tests {
    use super::without_self;
    use quote::{format_ident, quote};

    #[test]
    fn self_is_replaced_wherever_it_stands() {
        let tokens = quote!(Option<Box<Self>>, [u8; { Self::COUNT }], Selfish, &self);
        let replaced = without_self(tokens, &format_ident!("App"));
        let expected = quote!(Option<Box<App>>, [u8; { App::COUNT }], Selfish, &self);
        assert_eq!(replaced.to_string(), expected.to_string());
    }
}
