//! The function under the attribute. Its body is one group of tokens that nobody looks into: what is half typed,
//! or newer than our parser, reaches rustc as it was written.

use crate::error::{mistake, text};
use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use syn::parse::{Parse, ParseStream, Parser};
use syn::{AttrStyle, Attribute, Signature, Token, Visibility};

pub(crate) struct Function {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) sig: Signature,
    /// In its braces.
    pub(crate) body: Group,
}

impl Function {
    /// The body is kept away from the parser, which would copy each of its tokens.
    pub(crate) fn read(tokens: TokenStream) -> syn::Result<Self> {
        let mut trees: Vec<_> = tokens.into_iter().collect();
        let body = match trees.last_mut() {
            Some(TokenTree::Group(last)) if last.delimiter() == Delimiter::Brace => {
                let nothing = Group::new(Delimiter::Brace, TokenStream::new());
                Some(std::mem::replace(last, nothing))
            }
            _ => None,
        };
        let mut item: Self = syn::parse2(trees.into_iter().collect())?;
        if let Some(body) = body {
            item.body = body;
        }
        Ok(item)
    }

    /// The attributes at the top of the body, as they are written above a function, and the statements: no expression
    /// can begin with `#![allow(…)]`.
    pub(crate) fn split_body(&self) -> (Vec<Attribute>, TokenStream) {
        // The parser would copy the whole body. What `macro_rules!` puts together may be in groups that only it sees through.
        let may_begin_with_attributes = match self.body.stream().into_iter().next() {
            Some(TokenTree::Punct(first)) => first.as_char() == '#',
            Some(TokenTree::Group(first)) => first.delimiter() == Delimiter::None,
            _ => false,
        };
        if !may_begin_with_attributes {
            return (Vec::new(), self.body.stream());
        }
        let split = |input: ParseStream<'_>| {
            let mut attrs = input.call(Attribute::parse_inner)?;
            for attr in &mut attrs {
                attr.style = AttrStyle::Outer;
            }
            Ok((attrs, input.parse()?))
        };
        split
            .parse2(self.body.stream())
            .unwrap_or_else(|_| (Vec::new(), self.body.stream()))
    }
}

impl Parse for Function {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attrs = input.call(Attribute::parse_outer)?;
        let vis = input.parse()?;
        let mut qualifiers = Vec::new();
        while !input.is_empty() && !input.peek(Token![fn]) {
            qualifiers.push(input.parse::<TokenTree>()?);
        }
        if input.is_empty() {
            return Err(mistake(&qualifiers.first(), text::NO_FUNCTION));
        }
        // In another order than this rustc has refused them, and goes on.
        let order = ["const", "async", "unsafe", "extern"];
        let place = |word: &TokenTree| order.iter().position(|known| word.to_string() == *known);
        qualifiers.sort_by_key(|word| place(word).unwrap_or(order.len()));
        let mut ordered: TokenStream = qualifiers.into_iter().collect();
        ordered.extend(input.parse::<TokenStream>()?);
        let sig_and_rest = |input: ParseStream<'_>| Ok((input.parse()?, input.parse()?));
        let (sig, rest): (Signature, TokenTree) = sig_and_rest.parse2(ordered)?;
        let Some(body) = braces(rest) else {
            return Err(mistake(&sig.ident, text::NO_BODY));
        };
        Ok(Self {
            attrs,
            vis,
            sig,
            body,
        })
    }
}

/// The group in braces, also where `macro_rules!` has put one without a delimiter around it.
fn braces(tree: TokenTree) -> Option<Group> {
    match tree {
        TokenTree::Group(group) => match group.delimiter() {
            Delimiter::Brace => Some(group),
            Delimiter::None => group.stream().into_iter().next().and_then(braces),
            Delimiter::Parenthesis | Delimiter::Bracket => None,
        },
        _ => None,
    }
}
