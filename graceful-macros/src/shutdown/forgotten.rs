//! Proofs, for rustc to evaluate, that fields without a mark have nothing to close.

use crate::error::text;
use crate::shutdown::ast::Field;
use crate::shutdown::known;
use crate::shutdown::plan::outside;
use crate::shutdown::state::State;
use crate::tokens::{blamed, mentions};
use crate::types::{is_called, parts};
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::{GenericParam, Type};

/// Those of fields whose types mention no parameter of the whole type, and those of the rest.
pub(crate) fn proofs(state: &State<'_>) -> (Vec<TokenStream>, Vec<TokenStream>) {
    let params: Vec<_> = state.generics.params.iter().map(param).collect();
    let of_parameter = |ident: &Ident| ident == "Self" || params.contains(&ident);
    let forgotten = state.kept().filter(|field| field.keys.skip.is_none());
    let (bound, free): (Vec<_>, Vec<_>) = forgotten.partition(|field| {
        state.is_generic() && mentions(field.ty.to_token_stream(), &of_parameter)
    });
    let proofs = |fields: Vec<&Field<'_>>| {
        let proofs = fields.into_iter().map(|field| proof(field, state));
        proofs.collect()
    };
    (proofs(free), proofs(bound))
}

fn param(param: &GenericParam) -> &Ident {
    match param {
        GenericParam::Lifetime(param) => &param.lifetime.ident,
        GenericParam::Type(param) => &param.ident,
        GenericParam::Const(param) => &param.ident,
    }
}

/// Fails where the type of a field turns out to be closable, or is known by its name to need a close.
fn proof(field: &Field<'_>, state: &State<'_>) -> TokenStream {
    let ty = outside(field.ty, state);
    let message = text::forgotten(field.name());
    let closable = quote!(__graceful::Closable::<#ty>::YES, #message);
    let by_name = |has_close: TokenStream, text: String| {
        let callee = quote!(__graceful::forgotten_by_name);
        (callee, quote!(#closable, #has_close, #text))
    };
    let (callee, arguments) = if is_of_tokio_util(field.ty) {
        let feature = text::forgotten_without_feature(field.name());
        let callee = quote!(__graceful::forgotten_of_tokio_util);
        (callee, quote!(#closable, #feature))
    } else if holds(&["JoinHandle", "JoinSet"], field.ty) {
        by_name(quote!(false), text::forgotten_tasks(field.name()))
    } else if holds(&["Child"], field.ty) {
        by_name(quote!(false), text::forgotten_child(field.name()))
    } else if let Some(found) = known::find(field.ty) {
        let text = if found.fits() {
            text::known(field.name(), found.name, &found.line())
        } else {
            text::known_inside(field.name(), found.name, &found.line())
        };
        let of_ones_own = outside(found.ty, state);
        by_name(quote!(__graceful::Closable::<#of_ones_own>::YES), text)
    } else {
        (quote!(__graceful::forgotten), closable)
    };
    blamed(&ty, callee, arguments)
}

/// Whether the type is called as those of tokio-util are, which are closable only with a feature: left out,
/// a field of them would be forgotten.
fn is_of_tokio_util(ty: &Type) -> bool {
    is_called(ty, &["CancellationToken", "TaskTracker"])
}

/// Whether a task, or a process, is in the type by its name, which need not be closable: its values may be no outcome,
/// and not everything that they can be put into is closed as they are. What only makes them (`fn() -> JoinHandle<()>`),
/// or only names their type, holds none.
fn holds(names: &[&str], ty: &Type) -> bool {
    let is_inside = || parts(ty).into_iter().any(|part| holds(names, part));
    is_called(ty, names) || (!is_called(ty, &["PhantomData"]) && is_inside())
}

#[cfg(test)]
mod tests {
    use super::holds;
    use quote::quote;
    use syn::Type;

    fn holds_tasks(ty: &Type) -> bool {
        holds(&["JoinHandle", "JoinSet"], ty)
    }

    #[test]
    fn tasks_are_known_wherever_they_are_named() {
        for ty in [
            quote!(JoinHandle<Stats>),
            quote!(::tokio::task::JoinSet<()>),
            quote!(std::thread::JoinHandle<()>),
            quote!(Vec<(String, JoinHandle<()>)>),
            quote!(Result<JoinHandle<()>, E>),
            quote!(HashMap<Id, Arc<Mutex<Option<task::JoinHandle<T>>>>>),
            quote!(&'static [(JoinSet<()>)]),
            quote!([(u8, JoinSet<()>); 2]),
        ] {
            assert!(holds_tasks(&syn::parse2(ty.clone()).unwrap()), "{ty}");
        }
    }

    #[test]
    fn what_only_names_a_task_holds_none() {
        for ty in [
            quote!(Tasks),
            quote!(JoinHandles<()>),
            quote!(JoinHandle::Output),
            quote!(<JoinHandle<()> as IntoFuture>::Output),
            quote!(PhantomData<JoinHandle<()>>),
            quote!(fn(JoinHandle<()>) -> JoinSet<()>),
            quote!(Box<dyn Fn() -> JoinHandle<()> + Send>),
        ] {
            assert!(!holds_tasks(&syn::parse2(ty.clone()).unwrap()), "{ty}");
        }
    }
}
