//! The impl of `SharedShutdown`, for an `Arc` of the type: by a clone of the whole, or field by field.

use crate::error::text;
use crate::shutdown::bounds;
use crate::shutdown::close::{Close, at_request, last_word, reaches_inside};
use crate::shutdown::keys::Method;
use crate::shutdown::state::{Body, How, State, Step};
use crate::tokens::{blamed, future, local, located, placed};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

pub(crate) fn expand(state: &State<'_>, where_clause: &TokenStream, this: &Ident) -> TokenStream {
    let ident = state.ident;
    let (impl_generics, _, _) = state.generics.split_for_impl();
    let ty_generics = bounds::arguments(state.generics);
    let (cx, future) = (local("cx"), future());
    let (bound, proof, close, early) = if state.shared {
        let body = state.bodies.first();
        let early = body.map(|body| early(this, &by_fields(body, this)));
        (None, None, quote!(__graceful::close(#this, #cx)), early)
    } else {
        // What mentions a parameter may be asked for, and need not hold. Any other bound that does not hold is an error, so
        // there the traits that fit the type tell. One that is not `Send` has been refused for its other impl.
        let is_generic = state.is_generic();
        let bound = if is_generic {
            quote!(#ident #ty_generics: __graceful::core::clone::Clone)
        } else {
            bounds::whole(state, &quote!(SendFor))
        };
        let kind = |shared| {
            if is_generic {
                quote!(__graceful::ByClone)
            } else {
                quote!((&&__graceful::Sharing::of(#shared)).sharing_kind())
            }
        };
        let own = kind(quote!(&#this));
        let close = quote!(__graceful::Shutdown::shutdown(#own.own(#this), #cx));
        let early = early_clone(state, this, &kind(quote!(#this)));
        let proof = (!is_generic).then(|| proof(state));
        (Some(bound), proof, close, early)
    };
    quote! {
        #[automatically_derived]
        #[allow(deprecated, redundant_lifetimes)]
        impl #impl_generics __graceful::SharedShutdown for #ident #ty_generics
        #where_clause #bound
        {
            #proof

            fn shutdown_shared(
                #this: __graceful::Arc<Self>,
                #cx: __graceful::Context,
            ) -> #future {
                #close
            }

            #early
        }
    }
}

/// Evaluated with the plan of an `Arc` of the type, and so only where there is one.
fn proof(state: &State<'_>) -> TokenStream {
    let ident = state.ident;
    let message = text::not_cloneable(&state.name);
    let proof = blamed(
        ident,
        quote!(__graceful::needs_clone),
        quote!(__graceful::Cloneable::<#ident>::YES, #message),
    );
    quote!(const PROOF: () = #proof;)
}

/// How it is closed, as far as that is known when it is handed over.
fn early(this: &Ident, body: &TokenStream) -> TokenStream {
    let watch = local("watch");
    quote! {
        fn __graceful_close_shared(
            #this: &__graceful::Arc<Self>,
            #watch: __graceful::Option<&__graceful::Watch>,
        ) -> __graceful::Option<__graceful::Close> {
            #body
        }
    }
}

/// The same by a clone, where the type, or that of a field, may have something to do at another moment.
fn early_clone(state: &State<'_>, this: &Ident, kind: &TokenStream) -> Option<TokenStream> {
    let may_have_moments =
        |step: &Step<'_>| step.is_last() || step.at_request().is_some() || step.has_plan();
    let watch = local("watch");
    let body = quote!(#kind.close(#this, #watch));
    state
        .steps()
        .any(may_have_moments)
        .then(|| early(this, &body))
}

fn by_fields(body: &Body<'_>, this: &Ident) -> TokenStream {
    let (parts, watch) = (local("parts"), local("watch"));
    // What is there to stay alive is not dead code: without `shared` it is moved, which says so too.
    let kept = body.kept.iter().map(|field| &field.member);
    let pushes = body.steps.iter().map(|step| {
        let pushed = push(&parts, this, step);
        let last = last_word(&parts, step);
        quote!(#pushed #last)
    });
    quote! {
        #(_ = &#this.#kept;)*
        let mut #parts = __graceful::Parts::new(__graceful::plan::<Self>(), #watch);
        #(#pushes)*
        __graceful::Parts::keep(&mut #parts, __graceful::hold::<Self>(#this));
        __graceful::Option::Some(__graceful::Parts::whole(#parts))
    }
}

/// Each step holds the whole, and reaches its field through it; so does what is done beside its close.
fn push(parts: &Ident, this: &Ident, step: &Step<'_>) -> TokenStream {
    let held = quote!(__graceful::hold::<Self>(#this));
    let close = close(parts, this, step);
    let member = &step.field.member;
    if let Some(act) = step.at_request() {
        let loan = local("loan");
        let body = at_request(act, quote!(&(*#loan).#member));
        let lend = placed(act, quote!(lend));
        return quote! {
            let #loan = (&mut #parts).#lend::<Self, _, _>(#held, |#loan| #body);
            #close
            __graceful::Parts::once_back(&mut #parts, #loan);
        };
    }
    let force = step.force().map(|method| {
        let whole = whole(&method.name);
        let Close { cx, body, .. } = by_method(method, step, &whole);
        let or_force = placed(&method.name, quote!(or_force));
        quote!((&mut #parts).#or_force::<Self, _, _>(#held, |#whole, #cx| #body);)
    });
    quote!(#close #force)
}

fn close(parts: &Ident, this: &Ident, step: &Step<'_>) -> TokenStream {
    let (ty, member) = (step.field.ty, &step.field.member);
    let held = quote!(__graceful::hold::<Self>(#this));
    let by_kind = |kind: TokenStream| {
        let whole = local("this");
        quote!(#kind.close::<#ty, Self>(&mut #parts, #held, |#whole| &#whole.#member);)
    };
    let kind = quote!((&&&&&__graceful::SharedField::<#ty>::of(&#this.#member)).shared_kind());
    let (whole, close) = match step.how() {
        // Critical it is refused before: others could take the task.
        How::Shutdown | How::Critical => return by_kind(kind),
        How::Own => return by_kind(quote!(#kind.or_dropped())),
        How::Drop => return by_kind(quote!(__graceful::Dropped)),
        How::Method(method) => {
            let whole = whole(&method.name);
            let close = by_method(method, step, &whole);
            (whole, close)
        }
        How::With(closer) => {
            let whole = local("this");
            let clone = quote!(__graceful::clone_field::<#ty>(&#whole.#member));
            (whole, Close::with(closer, &clone))
        }
    };
    let Close { culprit, cx, body } = close;
    // As without `shared`.
    let call = placed(&culprit, quote!(call));
    quote!((&mut #parts).#call::<__graceful::Arc<Self>, _, _>(#held, |#whole, #cx| #body);)
}

/// A method that takes more than `&self` is blamed, and not what it can't take. Nothing of the user's is in its sight, so
/// the whole needs no hygiene.
fn whole(method: &Ident) -> Ident {
    Ident::new("__graceful_this", method.span())
}

fn by_method(method: &Method, step: &Step<'_>, whole: &Ident) -> Close {
    let (ty, member) = (step.field.ty, &step.field.member);
    let value = if reaches_inside(method, ty) {
        quote!(&#whole.#member)
    } else {
        quote!(#whole.#member)
    };
    Close::by_method(method, step, &located(value, method.name.span()))
}
