//! What the type's parameters must be, found from the fields that mention them.

use crate::shutdown::state::{How, LOCKS, State, Step};
use crate::tokens::mentions;
use crate::types::is_called;
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use std::collections::HashSet;
use syn::{GenericParam, Generics, Type};

/// The `where` of the impl: the user's own, and then ours.
pub(crate) fn where_clause(state: &State<'_>) -> TokenStream {
    let written = written(state.generics);
    let params = state
        .generics
        .params
        .iter()
        .filter_map(|param| match param {
            GenericParam::Lifetime(param) => Some(param.lifetime.to_token_stream()),
            GenericParam::Type(param) => Some(param.ident.to_token_stream()),
            GenericParam::Const(_) => None,
        });
    let steps = state
        .steps()
        .map(|step| (step.field.ty, closed(step, state.shared)));
    let kept = state.kept().map(|field| (field.ty, held(state.shared)));
    let fields = steps.chain(kept);
    let mut seen = HashSet::new();
    let fields = fields
        .filter(|(ty, _)| is_generic(ty, state.generics))
        .map(|(ty, bound)| quote!(#ty: #bound,))
        .filter(|predicate| seen.insert(predicate.to_string()));
    let whole = if state.shared {
        Some(whole(state, &quote!(ShareFor)))
    } else {
        // Or a field that is not `Send` would be blamed once more for each impl, and each method.
        asks_too_little(state).then(|| whole(state, &quote!(SendFor)))
    };
    quote!(where #written #(#params: 'static,)* #(#fields)* #whole)
}

/// Whether the bounds of a type with parameters leave out a field, whose type mentions none.
fn asks_too_little(state: &State<'_>) -> bool {
    let steps = state.steps().map(|step| &step.field);
    let mut fields = steps.chain(state.kept());
    state.is_generic() && fields.any(|field| !is_generic(field.ty, state.generics))
}

/// The type's parameters behind its name. A number in braces, or a type of the same name would be taken for it.
pub(crate) fn arguments(generics: &Generics) -> TokenStream {
    let (_, plain, _) = generics.split_for_impl();
    if generics.const_params().next().is_none() {
        return plain.into_token_stream();
    }
    let arguments = generics.params.iter().map(|param| match param {
        GenericParam::Lifetime(param) => param.lifetime.to_token_stream(),
        GenericParam::Type(param) => param.ident.to_token_stream(),
        GenericParam::Const(param) => {
            let name = &param.ident;
            quote!({ #name })
        }
    });
    let (begin, end) = (generics.lt_token, generics.gt_token);
    quote!(#begin #(#arguments),* #end)
}

/// The user's own.
pub(crate) fn written(generics: &Generics) -> TokenStream {
    let clause = generics.where_clause.iter();
    let predicates = clause.flat_map(|clause| &clause.predicates);
    quote!(#(#predicates,)*)
}

/// What a field must be to be closed. Which of two bounds that is can only be told by the name of its type; how it is
/// closed is decided by its traits.
fn closed(step: &Step<'_>, shared: bool) -> TokenStream {
    let is_lent = step.at_request().is_some();
    let is_lock = is_called(step.field.ty, &LOCKS);
    let leaves_clone = shared || step.force().is_some();
    let close = match step.how() {
        How::Critical => return quote!(__graceful::CriticalTask),
        How::Shutdown if shared && is_lock => quote!(__graceful::TakenOut),
        How::Own if shared && is_lock => quote!(__graceful::Emptied),
        How::Drop if shared => quote!(__graceful::Emptied),
        How::Shutdown if leaves_clone => {
            quote!(__graceful::Shutdown + __graceful::core::clone::Clone)
        }
        How::Own if shared => quote!(__graceful::Shutdown + __graceful::core::clone::Clone),
        How::With(_) if leaves_clone => quote!(__graceful::core::clone::Clone),
        // What is `Shutdown` is held by that.
        How::Shutdown if !is_lent => return quote!(__graceful::Shutdown),
        How::Shutdown => quote!(__graceful::Shutdown),
        How::Method(_) | How::With(_) | How::Drop | How::Own => return held(shared || is_lent),
    };
    let held = held(shared || is_lent);
    quote!(#close + #held)
}

/// What a field must be to stay until the end. Closing takes the fields by value, also the one that a `?Sized` would allow.
fn held(shared: bool) -> TokenStream {
    let sync = shared.then(|| quote!(+ __graceful::core::marker::Sync));
    quote!(__graceful::Send + __graceful::core::marker::Sized #sync)
}

/// A bound on the type itself, which need not hold, even where it mentions no parameter: `for` allows that.
pub(crate) fn whole(state: &State<'_>, bound: &TokenStream) -> TokenStream {
    let ident = state.ident;
    let ty_generics = arguments(state.generics);
    quote!(for<'__graceful> #ident #ty_generics: __graceful::#bound<'__graceful>,)
}

/// Whether a bound says what the type must be.
pub(crate) fn is_generic(ty: &Type, generics: &Generics) -> bool {
    let is_param = |ident: &Ident| generics.type_params().any(|param| param.ident == *ident);
    generics.type_params().next().is_some()
        && mentions(ty.to_token_stream(), &|ident| {
            ident == "Self" || is_param(ident)
        })
}
