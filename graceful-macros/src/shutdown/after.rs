//! `after(http, sagas)`: the fields that have to end first.

use crate::error::{Errors, mistake, text};
use crate::list::entries;
use proc_macro2::{Ident, TokenStream};
use syn::ext::IdentExt;
use syn::{Lit, LitInt, Result};

/// A field as an `after` names it.
pub(crate) struct Target {
    /// Its name in the struct, or its number.
    pub(crate) field: String,
    pub(crate) tokens: TokenStream,
}

pub(crate) fn read(key: &Ident, list: TokenStream, errors: &mut Errors) -> Vec<Target> {
    if list.is_empty() {
        errors.push(key, text::EMPTY_AFTER);
    }
    entries(list, errors, target)
}

fn target(tokens: TokenStream) -> Result<Target> {
    let ident = |tokens| syn::parse::Parser::parse2(Ident::parse_any, tokens);
    if let Ok(ident) = ident(tokens.clone()) {
        let field = ident.unraw().to_string();
        return Ok(Target { field, tokens });
    }
    match syn::parse2::<Lit>(tokens.clone()) {
        Ok(Lit::Int(number)) if is_index(&number) => Ok(Target {
            field: number.base10_digits().to_owned(),
            tokens,
        }),
        Ok(Lit::Str(name)) => Err(mistake(&tokens, &text::quoted_field(&name.value()))),
        _ => Err(mistake(&tokens, text::NO_FIELD)),
    }
}

/// As a tuple's field is written: `0`, and not `0u8`, `0x0` or `-0`.
fn is_index(number: &LitInt) -> bool {
    number.to_string().bytes().all(|byte| byte.is_ascii_digit())
}
