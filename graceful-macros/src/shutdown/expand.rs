//! The impls: a plan as data, and one call for each field.

use crate::shutdown::close::{Close, at_request, last_word, reaches_inside};
use crate::shutdown::keys::Method;
use crate::shutdown::state::{Body, How, State, Step};
use crate::shutdown::{bounds, docs, forgotten, plan, shared};
use crate::tokens::{future, local, placed};
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;

pub(crate) fn expand(state: &State<'_>) -> TokenStream {
    let imports = state.facade.imports();
    let ident = state.ident;
    let (impl_generics, _, _) = state.generics.split_for_impl();
    let ty_generics = bounds::arguments(state.generics);
    let where_clause = bounds::where_clause(state);
    // Not the one that a closure of the user's could name.
    let this = Ident::new("self", Span::mixed_site());
    let (cx, watch, future) = (local("cx"), local("watch"), future());
    let docs = docs::plan(state);
    let (proofs, plan) = plan(state);
    let close = if state.shared {
        quote!(__graceful::Shutdown::__graceful_close(__graceful::Arc::new(#this), #watch))
    } else {
        taken_apart(state, &this, &watch)
    };
    let shared = shared::expand(state, &where_clause, &this);
    quote! {
        const _: () = {
            #imports
            #proofs

            #[doc = #docs]
            #[automatically_derived]
            #[allow(deprecated, redundant_lifetimes, rustdoc::broken_intra_doc_links, rustdoc::private_intra_doc_links)]
            impl #impl_generics __graceful::Shutdown for #ident #ty_generics #where_clause {
                #plan

                fn shutdown(#this, #cx: __graceful::Context) -> #future {
                    __graceful::close(#this, #cx)
                }

                fn __graceful_close(
                    #this,
                    #watch: __graceful::Option<&__graceful::Watch>,
                ) -> __graceful::Close {
                    #close
                }
            }

            #shared
        };
    }
}

/// The plan in the impl, and before that what rustc has to prove in each build. What mentions a parameter it proves where
/// somebody uses the impl, one mistake at a time.
fn plan(state: &State<'_>) -> (TokenStream, TokenStream) {
    let plan = plan::constant(state);
    let (forgotten, of_parameters) = forgotten::proofs(state);
    if state.is_generic() {
        let proofs = quote!(#(#[allow(deprecated)] const _: () = #forgotten;)*);
        let plan = quote!(const PLAN: __graceful::Plan = { #(#of_parameters;)* #plan };);
        return (proofs, plan);
    }
    let ident = state.ident;
    let shareable = state
        .shared
        .then(|| quote!(__graceful::needs_share::<#ident>()));
    let proofs = forgotten
        .into_iter()
        .chain(shareable)
        .chain(plan::proof(state));
    let proofs = quote!(#(#[allow(deprecated)] const _: () = #proofs;)*);
    if !plan::is_static(state) {
        return (proofs, quote!(const PLAN: __graceful::Plan = #plan;));
    }
    // An item of its own is evaluated whoever uses it, and a mistake in it is shown once.
    let proofs = quote! {
        #proofs
        #[allow(deprecated)]
        static __GRACEFUL_PLAN: __graceful::Plan = #plan;
    };
    let plan = quote! {
        const PLAN: __graceful::Plan = __GRACEFUL_PLAN;
        const __GRACEFUL_NESTED: &'static __graceful::Plan = &__GRACEFUL_PLAN;
    };
    (proofs, plan)
}

fn taken_apart(state: &State<'_>, this: &Ident, watch: &Ident) -> TokenStream {
    let plan = quote!(__graceful::plan::<Self>());
    // At the type's name: where that has a `Drop` of its own, rustc blames the value that can't be taken apart.
    let whole = Ident::new("__graceful_whole", state.ident.span());
    let bodies = state.bodies.iter().enumerate().map(|(index, body)| {
        let pattern = pattern(body);
        let Some(variant) = body.variant else {
            let parts = parts(body, &plan, watch);
            return quote!(let Self #pattern = #whole; #parts);
        };
        let index = Literal::usize_unsuffixed(index);
        let plan = quote!(__graceful::Plan::variant(&#plan, #index));
        let parts = parts(body, &plan, watch);
        quote!(Self::#variant #pattern => { #parts })
    });
    let parts = if state.is_enum {
        quote!(match #whole { #(#bodies)* })
    } else {
        bodies.collect()
    };
    quote!(let #whole = #this; #parts)
}

fn pattern(body: &Body<'_>) -> TokenStream {
    let steps = body.steps.iter().map(|step| &step.field);
    let bindings = steps.chain(&body.kept).map(|field| {
        let (member, binding) = (&field.member, &field.binding);
        quote!(#member: #binding)
    });
    quote!({ #(#bindings),* })
}

fn parts(body: &Body<'_>, plan: &TokenStream, watch: &Ident) -> TokenStream {
    let parts = local("parts");
    let pushes = body.steps.iter().map(|step| {
        let pushed = push(&parts, step);
        let last = last_word(&parts, step);
        quote!(#pushed #last)
    });
    let kept = body.kept.iter().map(|field| {
        let (ty, binding) = (field.ty, &field.binding);
        quote!(__graceful::Parts::keep::<#ty>(&mut #parts, #binding);)
    });
    quote! {
        let mut #parts = __graceful::Parts::new(#plan, #watch);
        #(#pushes)*
        #(#kept)*
        __graceful::Parts::whole(#parts)
    }
}

fn push(parts: &Ident, step: &Step<'_>) -> TokenStream {
    if let Some(method) = step.force() {
        return push_forced(parts, step, method);
    }
    let (ty, binding) = (step.field.ty, &step.field.binding);
    let lent = step.at_request().map(|act| {
        let loan = local("loan");
        let body = at_request(act, quote!(&*#loan));
        // As the call below.
        let call = placed(act, quote!(at_request));
        quote!(let #binding = (&mut #parts).#call::<#ty, _, _>(#binding, |#loan| #body);)
    });
    let by = |call: &str| {
        let call = Ident::new(call, Span::call_site());
        quote!(#lent __graceful::Parts::#call::<#ty>(&mut #parts, #binding);)
    };
    let is_lent = lent.is_some();
    let (close, parameter) = match step.how() {
        How::Shutdown => return by(if is_lent { "close_lent" } else { "close" }),
        How::Drop => return by(if is_lent { "drop_lent" } else { "drop" }),
        How::Critical => return by("critical"),
        How::Own => {
            return quote!(__graceful::LastWordOf::<#ty>::KIND.close(&mut #parts, #binding););
        }
        How::Method(method) => {
            let close = Close::by_method(method, step, &quote!(#binding));
            let is_mut = (!reaches_inside(method, ty)).then(|| quote!(mut));
            (close, quote!(#is_mut #binding))
        }
        How::With(closer) => (Close::with(closer, &quote!(#binding)), quote!(#binding)),
    };
    let Close { culprit, cx, body } = close;
    // A future that is not `Send` is blamed on the name of the method that takes it. By reference, or a by-value `call`
    // of some trait of the user's would be found first.
    let call = if is_lent {
        quote!(call_lent)
    } else {
        quote!(call)
    };
    let call = placed(&culprit, call);
    quote! {
        #lent
        (&mut #parts).#call::<#ty, _, _>(#binding, |#parameter, #cx| #body);
    }
}

/// A step that is forced: a close by a method has the field back when it is cut, and any other has left a clone.
fn push_forced(parts: &Ident, step: &Step<'_>, method: &Method) -> TokenStream {
    let (ty, binding) = (step.field.ty, &step.field.binding);
    let Close { cx, body, .. } = Close::by_method(method, step, &quote!(#binding));
    let force = quote!(|mut #binding, #cx| #body);
    // A future that is not `Send` is blamed on what closes, and a field that is not `Clone` on what forces.
    let (close, call) = match step.how() {
        How::Method(closing) => {
            let inside = reaches_inside(closing, ty).then(|| quote!(&mut *));
            let close = Close::by_method(closing, step, &quote!(#inside #binding));
            let call = placed(&close.culprit, quote!(call_or_force));
            (close, call)
        }
        How::With(closer) => {
            let call = placed(&method.name, quote!(call_or_force_clone));
            (Close::with(closer, &quote!(#binding)), call)
        }
        How::Shutdown | How::Critical | How::Drop | How::Own => {
            let call = placed(&method.name, quote!(close_or_force));
            return quote!((&mut #parts).#call::<#ty, _, _>(#binding, #force););
        }
    };
    let Close { cx, body, .. } = close;
    quote! {
        (&mut #parts).#call::<#ty, _, _, _, _>(#binding, |mut #binding, #cx| #body, #force);
    }
}
