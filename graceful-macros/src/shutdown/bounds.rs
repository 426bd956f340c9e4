//! What the type's parameters must be, found from the fields that mention them.

use crate::shutdown::ast::{Input, Step};
use crate::shutdown::attr::How;
use crate::tokens::{Paths, mentions};
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::{GenericParam, Generics, LifetimeParam, Type, TypeParam};

/// The `where` of the impl: the user's own, and then ours.
pub(crate) fn where_clause(input: &Input<'_>, paths: &Paths) -> TokenStream {
    let private = &paths.private;
    let mut bounds = written(input.generics);
    for param in &input.generics.params {
        match param {
            GenericParam::Lifetime(LifetimeParam { lifetime, .. }) => {
                quote!(#lifetime: 'static,).to_tokens(&mut bounds);
            }
            // Closing takes the fields by value, also the one that a `?Sized` would allow.
            GenericParam::Type(TypeParam { ident, .. }) => {
                quote!(#ident: #private::core::marker::Sized + 'static,).to_tokens(&mut bounds);
            }
            GenericParam::Const(_) => {}
        }
    }
    let mut seen = Vec::new();
    let mut bound = |ty: &Type, bound: TokenStream| {
        if !is_generic(ty, input.generics) {
            return;
        }
        let predicate = quote!(#ty: #bound,);
        let written = predicate.to_string();
        if !seen.contains(&written) {
            seen.push(written);
            predicate.to_tokens(&mut bounds);
        }
    };
    for body in input.bodies() {
        for step in &body.steps {
            bound(step.field.ty, closed(step, input.shared, paths));
        }
        for kept in &body.kept {
            bound(kept.field.ty, held(input.shared, paths));
        }
    }
    if input.shared {
        whole(input, &quote!(ShareFor), paths).to_tokens(&mut bounds);
    }
    quote!(where #bounds)
}

/// The user's own.
pub(crate) fn written(generics: &Generics) -> TokenStream {
    let mut bounds = TokenStream::new();
    if let Some(clause) = &generics.where_clause {
        for predicate in &clause.predicates {
            quote!(#predicate,).to_tokens(&mut bounds);
        }
    }
    bounds
}

/// What a field must be to be closed.
fn closed(step: &Step<'_>, shared: bool, paths: &Paths) -> TokenStream {
    let Paths { graceful, private } = paths;
    let close = match step.how {
        How::Critical => return quote!(#private::CriticalTask),
        How::Shutdown if !shared => return quote!(#graceful::Shutdown),
        How::Shutdown if is_lock(step.field.ty) => quote!(#private::TakenOut),
        How::Shutdown => quote!(#graceful::Shutdown + #private::core::clone::Clone),
        How::Drop if shared => quote!(#private::Emptied),
        How::With(_) if shared => quote!(#private::core::clone::Clone),
        How::Method(_) | How::With(_) | How::Drop => return held(shared, paths),
    };
    let held = held(shared, paths);
    quote!(#close + #held)
}

/// What a field must be to stay until the end.
fn held(shared: bool, paths: &Paths) -> TokenStream {
    let private = &paths.private;
    let sync = shared.then(|| quote!(+ #private::core::marker::Sync));
    quote!(#private::Send #sync)
}

/// A bound on the type itself, which need not hold, even where it mentions no parameter: `for` allows that.
pub(crate) fn whole(input: &Input<'_>, bound: &TokenStream, paths: &Paths) -> TokenStream {
    let private = &paths.private;
    let ident = input.ident;
    let (_, ty_generics, _) = input.generics.split_for_impl();
    quote!(for<'__graceful> #ident #ty_generics: #private::#bound<'__graceful>,)
}

/// Which of two bounds a field with a parameter asks for can only be told by the name of its type. How it is closed is
/// decided by its traits.
fn is_lock(ty: &Type) -> bool {
    match ty {
        Type::Group(group) => is_lock(&group.elem),
        Type::Path(path) => {
            let last = path.path.segments.last();
            last.is_some_and(|last| last.ident == "Mutex" || last.ident == "RwLock")
        }
        _ => false,
    }
}

/// Whether a bound says what the type must be.
pub(crate) fn is_generic(ty: &Type, generics: &Generics) -> bool {
    let is_param = |ident: &Ident| generics.type_params().any(|param| param.ident == *ident);
    generics.type_params().next().is_some()
        && mentions(ty.to_token_stream(), &|ident| {
            ident == "Self" || is_param(ident)
        })
}
