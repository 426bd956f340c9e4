//! Names and places that both expansions share.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, TokenStreamExt, quote, quote_spanned};
use std::time::Duration;
use syn::{Expr, Path};

/// Where the facade is.
pub(crate) struct Facade(TokenStream);

impl Facade {
    pub(crate) fn new(crate_path: Option<&Path>) -> Self {
        Self(crate_path.map_or_else(|| quote!(::graceful), Path::to_token_stream))
    }

    /// The one module that has all that expansions use.
    pub(crate) fn module(&self) -> TokenStream {
        let path = &self.0;
        let module = Ident::new("macros_of_graceful", end(path));
        quote!(#path::#module)
    }

    /// For the top of a block: the one path that can be wrong, all of it where that was written, and what is called by
    /// the kinds of types.
    pub(crate) fn imports(&self) -> TokenStream {
        let module = self.module();
        let as_ours = quote_spanned!(end(&self.0)=> as __graceful);
        quote! {
            use #module #as_ours;
            use __graceful::kinds::*;
        }
    }
}

/// What the methods of the traits return.
pub(crate) fn future() -> TokenStream {
    quote!(impl __graceful::Future<Output = __graceful::Result> + __graceful::Send)
}

pub(crate) fn duration(duration: &Duration) -> TokenStream {
    let (seconds, nanos) = (duration.as_secs(), duration.subsec_nanos());
    let unsuffixed = proc_macro2::Literal::u64_unsuffixed;
    let (seconds, nanos) = (unsuffixed(seconds), unsuffixed(nanos.into()));
    quote!(__graceful::Duration::new(#seconds, #nanos))
}

/// A local of ours, which no token of the user's can name.
pub(crate) fn local(name: &str) -> Ident {
    Ident::new(&format!("__graceful_{name}"), Span::mixed_site())
}

/// `callee(arguments)` as if it stood where `culprit` does, so that rustc blames that, all of it: it underlines a call
/// from its first token to the closing parenthesis. A callee of one or two segments, or lints about paths see it too.
pub(crate) fn blamed(
    culprit: &impl ToTokens,
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
pub(crate) fn placed(culprit: &impl ToTokens, tokens: TokenStream) -> TokenStream {
    let first = start(culprit);
    respanned(tokens, |_| first)
}

/// `tokens` where `place` is, with the hygiene that they have.
pub(crate) fn located(tokens: TokenStream, place: Span) -> TokenStream {
    respanned(tokens, |span| span.located_at(place))
}

fn respanned(tokens: TokenStream, respan: impl Fn(Span) -> Span) -> TokenStream {
    let respan = |mut tree: TokenTree| {
        tree.set_span(respan(tree.span()));
        tree
    };
    tokens.into_iter().map(respan).collect()
}

pub(crate) fn start(tokens: &impl ToTokens) -> Span {
    let first = tokens.to_token_stream().into_iter().next();
    first.map_or_else(Span::call_site, |tree| tree.span())
}

pub(crate) fn end(tokens: &impl ToTokens) -> Span {
    let last = tokens.to_token_stream().into_iter().last();
    last.map_or_else(Span::call_site, |tree| tree.span())
}

/// `macro_rules!` hands its fragments over in groups without a delimiter, which stand where the fragment is named and not
/// where it was written.
pub(crate) fn ungroup(mut expr: Expr) -> Expr {
    while let Expr::Group(group) = expr {
        expr = *group.expr;
    }
    expr
}

/// A path as it is mostly written: without the colons before it, and without what is generic.
pub(crate) fn path_name(path: &Path) -> String {
    let segments = path.segments.iter();
    let names: Vec<_> = segments.map(|segment| segment.ident.to_string()).collect();
    names.join("::")
}

/// `tokens` for a place where `Self` means nothing.
pub(crate) fn without_self(tokens: TokenStream, name: &Ident) -> TokenStream {
    let replaced = |tree| match tree {
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
    };
    tokens.into_iter().map(replaced).collect()
}

/// Whether an identifier that fits is anywhere in `tokens`.
pub(crate) fn mentions(tokens: TokenStream, fits: &impl Fn(&Ident) -> bool) -> bool {
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
