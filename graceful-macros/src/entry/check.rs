//! What a function must be to stand under the attributes.

use crate::entry::conflict;
use crate::entry::item::Item;
use crate::error::{mistake, text};
use crate::kind::Kind;
use quote::quote;
use syn::{Error, Safety};

/// In the order in which they stand in the source.
pub(crate) fn signature(item: &Item, kind: Kind) -> Vec<Error> {
    let sig = &item.sig;
    let is_main = item.is_main(kind);
    let mut mistakes = Vec::new();
    if let Some(constness) = &sig.constness {
        mistakes.push(mistake(constness, text::CONST));
    }
    if is_main {
        if let Safety::Unsafe(unsafety) = &sig.safety {
            mistakes.push(mistake(unsafety, text::UNSAFE_MAIN));
        }
        if let Some(abi) = &sig.abi {
            mistakes.push(mistake(abi, text::EXTERN_MAIN));
        }
    }
    if sig.asyncness.is_none() {
        mistakes.push(match conflict::expanded(item) {
            Some(other) => mistake(&sig.fn_token, &text::already_expanded(other, kind)),
            None => mistake(&sig.fn_token, text::NOT_ASYNC),
        });
    }
    if is_main {
        if !sig.generics.params.is_empty() {
            mistakes.push(mistake(&sig.generics, text::GENERIC_MAIN));
        }
        if !sig.inputs.is_empty() || sig.variadic.is_some() {
            let (inputs, variadic) = (&sig.inputs, &sig.variadic);
            mistakes.push(mistake(&quote!(#inputs #variadic), text::MAIN_ARGUMENTS));
        }
        if let Some(where_clause) = &sig.generics.where_clause {
            mistakes.push(mistake(where_clause, text::WHERE_MAIN));
        }
    }
    mistakes
}
