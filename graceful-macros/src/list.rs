//! `key = value, flag, list(…)`: the inside of an attribute, read to its end whatever is wrong in it.

use crate::error::{Errors, mistake, text};
use crate::similar::similar;
use crate::tokens::end;
use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use quote::{TokenStreamExt, quote};
use syn::ext::IdentExt;
use syn::parse::discouraged::Speculative;
use syn::parse::{ParseStream, Parser};
use syn::{Expr, Token, parenthesized, token};

/// What may stand in an attribute, and how each key changes `T`.
pub(crate) struct Grammar<T: 'static> {
    /// How messages call an entry.
    pub(crate) noun: &'static str,
    pub(crate) keys: &'static [Key<T>],
    /// What to say of another word that is known to be tried here.
    pub(crate) hint: fn(&str) -> Option<String>,
    /// `#[tokio::main]` takes its options in any case.
    pub(crate) ignore_case: bool,
}

pub(crate) struct Key<T> {
    pub(crate) name: &'static str,
    pub(crate) example: &'static str,
    pub(crate) takes: Takes<T>,
}

pub(crate) enum Takes<T> {
    Nothing(fn(&mut T)),
    Value(fn(&mut T, &Given) -> syn::Result<()>),
    List(fn(&mut T, &Ident, TokenStream, &mut Errors)),
}

/// A key with its value, as they were written.
pub(crate) struct Given {
    pub(crate) key: Ident,
    pub(crate) value: Expr,
    pub(crate) example: &'static str,
}

/// The keys read so far, in their order, also those whose value was wrong.
#[derive(Default)]
pub(crate) struct Seen(pub(crate) Vec<(&'static str, Ident)>);

impl Seen {
    pub(crate) fn find(&self, wanted: &str) -> Option<&Ident> {
        let found = self.0.iter().find(|(name, _)| *name == wanted);
        found.map(|(_, ident)| ident)
    }
}

enum Content {
    Nothing,
    Value(Expr),
    /// A value that begins as one.
    Broken(syn::Error),
    List(TokenStream),
}

impl<T> Grammar<T> {
    /// `seen` goes from one attribute to the next: a key must not be repeated in another one either.
    pub(crate) fn read(
        &self,
        tokens: TokenStream,
        into: &mut T,
        seen: &mut Seen,
        errors: &mut Errors,
    ) {
        each(tokens, errors, &mut |input, errors| {
            self.entry(input, into, seen, errors)
        });
    }

    pub(crate) fn knows(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    fn entry(
        &self,
        input: ParseStream<'_>,
        into: &mut T,
        seen: &mut Seen,
        errors: &mut Errors,
    ) -> syn::Result<()> {
        let ident = word(input, &|| text::no_key(self.noun, &self.names()))?;
        let written = ident.to_string();
        let key = if self.ignore_case {
            self.find(&written.to_lowercase())
        } else {
            self.find(&written)
        };
        let Some(key) = key else {
            return Err(mistake(&ident, &self.unknown(&written)));
        };
        if seen.find(key.name).is_some() {
            return Err(mistake(&ident, &text::duplicate(key.name)));
        }
        seen.0.push((key.name, ident.clone()));

        // On a fork: a value that can't be read must not take the next entry with it.
        let ahead = input.fork();
        match (&key.takes, content(&ahead)) {
            (Takes::Nothing(set), Ok(Content::Nothing)) => set(into),
            (Takes::Value(set), Ok(Content::Value(value))) => {
                let given = Given {
                    key: ident,
                    value,
                    example: key.example,
                };
                set(into, &given)?;
            }
            (Takes::List(set), Ok(Content::List(list))) => set(into, &ident, list, errors),
            // What is wrong inside a closure is said there.
            (Takes::Value(_), Ok(Content::Broken(error))) => return Err(error),
            (takes, _) => {
                return misfit(
                    &ident,
                    input,
                    &match takes {
                        Takes::Nothing(_) => text::takes_nothing(key.name),
                        Takes::Value(_) => text::takes(key.name, key.example),
                        Takes::List(_) => text::takes_list(key.name, key.example),
                    },
                );
            }
        }
        input.advance_to(&ahead);
        Ok(())
    }

    fn find(&self, name: &str) -> Option<&Key<T>> {
        self.keys.iter().find(|key| key.name == name)
    }

    fn unknown(&self, written: &str) -> String {
        (self.hint)(written).unwrap_or_else(|| {
            let names = self.names();
            text::unknown(self.noun, written, similar(written, &names), &names)
        })
    }

    fn names(&self) -> Vec<&'static str> {
        let mut names = Vec::new();
        for key in self.keys {
            names.push(key.name);
        }
        names
    }
}

/// The word that an entry begins with; else an error with the text of `no_word`.
fn word(input: ParseStream<'_>, no_word: &dyn Fn() -> String) -> syn::Result<Ident> {
    if input.peek(Ident::peek_any) && !input.peek2(Token![::]) {
        return Ident::parse_any(input);
    }
    let mut found = take_until(input, |at| at.peek(Token![=]) || at_separator(at))?;
    if found.is_empty() {
        // The separator itself, which the caller is going to need.
        found = input.fork().parse::<TokenTree>()?.into();
    }
    Err(mistake(&found, &no_word()))
}

/// An error for all that an entry holds.
fn misfit(key: &Ident, behind: ParseStream<'_>, text: &str) -> syn::Result<()> {
    let rest = take_until(behind, at_separator)?;
    Err(mistake(&quote!(#key #rest), text))
}

/// The entries of a list that has no keys, each read for itself.
pub(crate) fn entries<T>(
    tokens: TokenStream,
    errors: &mut Errors,
    read: fn(TokenStream) -> syn::Result<T>,
) -> Vec<T> {
    let mut all = Vec::new();
    each(tokens, errors, &mut |input, _| {
        let mut entry = take_until(input, at_separator)?;
        if entry.is_empty() {
            // The separator, so that there is something to blame.
            entry = input.fork().parse::<TokenTree>()?.into();
        }
        all.push(read(entry)?);
        Ok(())
    });
    all
}

/// Reads one entry after the other; a mistake in one does not keep the next from being read.
fn each(
    tokens: TokenStream,
    errors: &mut Errors,
    entry: &mut dyn FnMut(ParseStream<'_>, &mut Errors) -> syn::Result<()>,
) {
    // In parentheses at the last token, which is blamed for what is missing behind it.
    let place = end(&tokens);
    let mut list = Group::new(Delimiter::Parenthesis, tokens);
    list.set_span(place);
    let read_all = |list: ParseStream<'_>| {
        let input;
        parenthesized!(input in list);
        while !input.is_empty() {
            if let Err(mistake) = entry(&input, errors) {
                errors.push_syn(mistake);
                take_until(&input, at_separator)?;
            }
            if input.peek(Token![;]) {
                errors.push(&input.parse::<Token![;]>()?, text::SEMICOLON);
            } else if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(())
    };
    if let Err(error) = read_all.parse2(TokenTree::Group(list).into()) {
        errors.push_syn(error);
    }
}

/// What follows a key, up to the separator.
fn content(input: ParseStream<'_>) -> syn::Result<Content> {
    let content = if at_separator(input) {
        Content::Nothing
    } else if input.peek(token::Paren) {
        let inside;
        parenthesized!(inside in input);
        Content::List(inside.parse()?)
    } else {
        input.parse::<Token![=]>()?;
        let begin = input.cursor();
        match input.parse() {
            Ok(value) => Content::Value(value),
            Err(error) if input.cursor() == begin => return Err(error),
            Err(error) => return Ok(Content::Broken(error)),
        }
    };
    if at_separator(input) {
        Ok(content)
    } else {
        Err(input.error("expected `,`"))
    }
}

fn at_separator(input: ParseStream<'_>) -> bool {
    input.is_empty() || input.peek(Token![,]) || input.peek(Token![;])
}

fn take_until(
    input: ParseStream<'_>,
    end: fn(ParseStream<'_>) -> bool,
) -> syn::Result<TokenStream> {
    let mut taken = TokenStream::new();
    // The commas among the parameters of a closure separate no entries.
    let mut parameters = false;
    while !input.is_empty() && (parameters || !end(input)) {
        parameters ^= input.peek(Token![|]);
        taken.append(input.parse::<TokenTree>()?);
    }
    Ok(taken)
}
