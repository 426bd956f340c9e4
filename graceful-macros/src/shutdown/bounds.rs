//! What the type's parameters must be, found from the fields that mention them.

use crate::shutdown::ast::Input;
use crate::shutdown::attr::How;
use crate::tokens::{Paths, mentions};
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use std::collections::BTreeSet;
use syn::{GenericParam, Generics, LifetimeParam, Type, TypeParam};

/// The `where` of the impl: the user's own, and then ours.
pub(crate) fn where_clause(input: &Input<'_>, paths: &Paths) -> TokenStream {
    let Paths { graceful, private } = paths;
    let written = input
        .generics
        .where_clause
        .iter()
        .flat_map(|clause| &clause.predicates);
    let owned = input
        .generics
        .params
        .iter()
        .filter_map(|param| match param {
            GenericParam::Lifetime(LifetimeParam { lifetime, .. }) => {
                Some(quote!(#lifetime: 'static))
            }
            // Closing takes the fields by value, also the one that a `?Sized` would allow.
            GenericParam::Type(TypeParam { ident, .. }) => {
                Some(quote!(#ident: #private::core::marker::Sized + 'static))
            }
            GenericParam::Const(_) => None,
        });
    let mut seen = BTreeSet::new();
    let bounded = input
        .bodies()
        .flat_map(|body| {
            let closed = body.steps.iter().map(|step| match step.how {
                How::Shutdown => (step.field.ty, quote!(#graceful::Shutdown)),
                How::Method(_) | How::With(_) | How::Drop => {
                    (step.field.ty, quote!(#private::Send))
                }
            });
            let kept = body.kept.iter();
            closed.chain(kept.map(|kept| (kept.field.ty, quote!(#private::Send))))
        })
        .filter(|(ty, _)| is_generic(ty, input.generics))
        .map(|(ty, bound)| quote!(#ty: #bound))
        .filter(|predicate| seen.insert(predicate.to_string()));
    quote!(where #(#written,)* #(#owned,)* #(#bounded,)*)
}

fn is_generic(ty: &Type, generics: &Generics) -> bool {
    let is_param = |ident: &Ident| generics.type_params().any(|param| param.ident == *ident);
    generics.type_params().next().is_some()
        && mentions(ty.to_token_stream(), |ident| {
            ident == "Self" || is_param(ident)
        })
}
