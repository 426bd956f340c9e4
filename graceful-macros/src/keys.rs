//! `key = value, flag, list(…)`: the inside of an attribute, read to its end whatever is wrong in it.

use crate::error::{Errors, mistake, text};
use crate::similar::similar;
use crate::tokens::{end, ungroup};
use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use quote::{ToTokens, TokenStreamExt, quote};
use syn::ext::IdentExt;
use syn::parse::discouraged::Speculative;
use syn::parse::{ParseStream, Parser};
use syn::{Expr, Result, Token, parenthesized, token};

/// A table of keys, with what each was given.
pub(crate) trait Keys: Default + 'static {
    const TABLE: &'static [Key<Self>];

    fn seen(&mut self) -> &mut Seen;
}

/// The keys in the order of the source, also those whose value was wrong.
pub(crate) type Seen = Vec<(&'static str, Ident)>;

/// A line of the table.
pub(crate) struct Key<T> {
    pub(crate) name: &'static str,
    pub(crate) example: &'static str,
    /// What can't stand beside it.
    pub(crate) excludes: &'static [&'static str],
    pub(crate) set: fn(&mut T, &Given, &mut Errors) -> Result<()>,
}

/// What a key was given, and where it was written.
pub(crate) struct Written<T> {
    pub(crate) value: T,
    pub(crate) key: Ident,
    pub(crate) tokens: TokenStream,
}

/// As an expansion uses the value.
impl<T: ToTokens> ToTokens for Written<T> {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.value.to_tokens(tokens);
    }
}

/// Declares a struct with a field for each key, and the table: what a key is given, what reads that, an example of it, and
/// the keys that can't stand beside it.
macro_rules! keys {
    (
        $(#[$doc:meta])*
        $Table:ident {
            $($field:ident $(($name:literal))?: $Value:ty, $read:path, $example:literal
                $(, excludes $($excluded:ident)*)?;)*
        }
    ) => {
        $(#[$doc])*
        #[derive(Default)]
        pub(crate) struct $Table {
            $(pub(crate) $field: Option<$crate::keys::Written<$Value>>,)*
            pub(crate) seen: $crate::keys::Seen,
        }

        impl $crate::keys::Keys for $Table {
            const TABLE: &'static [$crate::keys::Key<Self>] = &[$($crate::keys::Key {
                name: $crate::keys::keys!(@name $field $($name)?),
                example: $example,
                excludes: &[$($(stringify!($excluded)),*)?],
                set: |table, given, errors| {
                    table.$field = Some(given.written($read(given, errors)?));
                    Ok(())
                },
            }),*];

            fn seen(&mut self) -> &mut $crate::keys::Seen {
                &mut self.seen
            }
        }
    };
    (@name $field:ident) => { stringify!($field) };
    (@name $field:ident $name:literal) => { $name };
}
pub(crate) use keys;

/// Where keys of a table may stand.
pub(crate) struct Place {
    /// How messages call an entry.
    pub(crate) noun: &'static str,
    /// Whether a key of the table may stand here.
    pub(crate) takes: fn(&str) -> bool,
    /// What to say of another word that is known to be tried here.
    pub(crate) hint: fn(&str) -> Option<String>,
    /// Other words for keys: those of other crates, and guesses.
    pub(crate) synonyms: &'static [(&'static str, &'static str)],
    /// `#[tokio::main]` takes its options in any case.
    pub(crate) ignore_case: bool,
}

impl Place {
    /// Adds what `tokens` say; a key must not be repeated in another attribute either.
    pub(crate) fn read<T: Keys>(&self, tokens: TokenStream, into: &mut T, errors: &mut Errors) {
        each(tokens, errors, |input, errors| {
            self.entry(input, into, errors)
        });
    }

    fn entry<T: Keys>(
        &self,
        input: ParseStream<'_>,
        into: &mut T,
        errors: &mut Errors,
    ) -> Result<()> {
        let mut keys = T::TABLE.iter().filter(|key| (self.takes)(key.name));
        let names: Vec<_> = keys.clone().map(|key| key.name).collect();
        let ident = word(input, || text::no_key(self.noun, &names))?;
        let mut written = ident.to_string();
        if self.ignore_case {
            written = written.to_lowercase();
        }
        let Some(key) = keys.find(|key| key.name == written) else {
            let text = (self.hint)(&written).unwrap_or_else(|| {
                let meant = self.synonym(&written).or(similar(&written, &names));
                text::unknown(self.noun, &ident.to_string(), meant, &names)
            });
            return Err(mistake(&ident, &text));
        };
        if into.seen().iter().any(|(name, _)| *name == key.name) {
            return Err(mistake(&ident, &text::duplicate(key.name)));
        }
        into.seen().push((key.name, ident.clone()));
        let given = Given {
            name: key.name,
            example: key.example,
            rest: take_until(&input.fork(), at_separator)?,
            content: content::<T>(input),
            key: ident,
        };
        (key.set)(into, &given, errors)
    }

    fn synonym(&self, word: &str) -> Option<&'static str> {
        let mut synonyms = self.synonyms.iter();
        let found = synonyms.find(|(synonym, key)| *synonym == word && (self.takes)(key));
        found.map(|(_, key)| *key)
    }
}

pub(crate) fn is_key<T: Keys>(word: &str) -> bool {
    T::TABLE.iter().any(|key| key.name == word)
}

/// Keys that can't stand beside each other.
pub(crate) fn conflicts<T: Keys>(seen: &Seen, errors: &mut Errors) {
    let excludes = |one: &str, other: &str| {
        let mut keys = T::TABLE.iter();
        keys.any(|key| key.name == one && key.excludes.contains(&other))
    };
    for (index, (name, ident)) in seen.iter().enumerate() {
        let mut earlier = seen.iter().take(index).map(|(name, _)| *name);
        if let Some(other) = earlier.find(|other| excludes(other, name) || excludes(name, other)) {
            errors.push(ident, &text::conflict(other, name));
        }
    }
}

/// A key with what follows it, up to the separator.
pub(crate) struct Given {
    pub(crate) name: &'static str,
    pub(crate) example: &'static str,
    pub(crate) key: Ident,
    content: Content,
    /// All of it, where it does not fit.
    rest: TokenStream,
}

enum Content {
    Nothing,
    Value(Expr),
    /// A value that begins as one.
    Broken(syn::Error),
    List(TokenStream),
    Else,
}

impl Given {
    pub(crate) fn written<T>(&self, value: T) -> Written<T> {
        let tokens = match &self.content {
            Content::Value(value) => value.to_token_stream(),
            _ => self.key.to_token_stream(),
        };
        let key = self.key.clone();
        Written { value, key, tokens }
    }

    pub(crate) fn value(&self) -> Result<&Expr> {
        match &self.content {
            Content::Value(value) => Ok(value),
            // What is wrong inside a closure is said there.
            Content::Broken(error) => Err(error.clone()),
            _ => Err(self.misfit(&text::takes(self.name, self.example))),
        }
    }

    pub(crate) fn list(&self) -> Result<TokenStream> {
        match &self.content {
            Content::List(list) => Ok(list.clone()),
            _ => Err(self.misfit(&text::takes_list(self.name, self.example))),
        }
    }

    fn misfit(&self, text: &str) -> syn::Error {
        let (key, rest) = (&self.key, &self.rest);
        mistake(&quote!(#key #rest), text)
    }
}

/// Of a key that says everything by standing there.
pub(crate) fn flag(given: &Given, _: &mut Errors) -> Result<()> {
    match given.content {
        Content::Nothing => Ok(()),
        _ => Err(given.misfit(&text::takes_nothing(given.name))),
    }
}

/// The word that an entry begins with; else an error with the text of `no_word`.
fn word(input: ParseStream<'_>, no_word: impl Fn() -> String) -> Result<Ident> {
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

/// What follows a key, also where no comma follows that. `input` moves on only where it was read whole: a value that can't
/// be must not take the next entry with it.
fn content<T: Keys>(input: ParseStream<'_>) -> Content {
    let is_at_end = |at: ParseStream<'_>| at_separator(at) || at_key::<T>(at);
    let ahead = input.fork();
    let content = if is_at_end(&ahead) {
        Content::Nothing
    } else if ahead.peek(token::Paren) {
        let list = ahead.parse::<Group>();
        list.map_or(Content::Else, |list| Content::List(list.stream()))
    } else if ahead.parse::<Token![=]>().is_ok() {
        let begin = ahead.cursor();
        match ahead.parse() {
            Ok(value) => Content::Value(ungroup(value)),
            Err(_) if ahead.cursor() == begin => Content::Else,
            Err(error) => return Content::Broken(error),
        }
    } else {
        Content::Else
    };
    if !is_at_end(&ahead) {
        return Content::Else;
    }
    input.advance_to(&ahead);
    content
}

/// The entries of a list that has no keys, each read for itself.
pub(crate) fn entries<T>(
    tokens: TokenStream,
    errors: &mut Errors,
    read: impl Fn(TokenStream) -> Result<T>,
) -> Vec<T> {
    let mut all = Vec::new();
    each(tokens, errors, |input, _| {
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
    mut entry: impl FnMut(ParseStream<'_>, &mut Errors) -> Result<()>,
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
            } else if input.parse::<Option<Token![,]>>()?.is_none() && !input.is_empty() {
                let next = Ident::parse_any(&input.fork())?;
                errors.push(&next, &text::missing_comma(&next.to_string()));
            }
        }
        Ok(())
    };
    if let Err(error) = read_all.parse2(TokenTree::Group(list).into()) {
        errors.push_syn(error);
    }
}

fn at_separator(input: ParseStream<'_>) -> bool {
    input.is_empty() || input.peek(Token![,]) || input.peek(Token![;])
}

fn at_key<T: Keys>(input: ParseStream<'_>) -> bool {
    let word = Ident::parse_any(&input.fork());
    word.is_ok_and(|word| is_key::<T>(&word.to_string()))
}

fn take_until(input: ParseStream<'_>, end: fn(ParseStream<'_>) -> bool) -> Result<TokenStream> {
    let mut taken = TokenStream::new();
    // The commas among the parameters of a closure separate no entries.
    let mut parameters = false;
    while !input.is_empty() && (parameters || !end(input)) {
        parameters ^= input.peek(Token![|]);
        taken.append(input.parse::<TokenTree>()?);
    }
    Ok(taken)
}
