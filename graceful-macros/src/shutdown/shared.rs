//! The impl of `SharedShutdown`, for an `Arc` of the type: by a clone of the whole, or field by field.

use crate::error::text;
use crate::shutdown::bounds;
use crate::shutdown::close::{Close, reaches_inside};
use crate::shutdown::state::{Body, How, State, Step};
use crate::tokens::{blamed, future, local, located, placed};
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};

pub(crate) fn expand(state: &State<'_>, where_clause: &TokenStream, this: &Ident) -> TokenStream {
    let ident = state.ident;
    let (impl_generics, _, _) = state.generics.split_for_impl();
    let ty_generics = bounds::arguments(state.generics);
    let (bound, proof, close) = match state.bodies.first() {
        Some(body) if state.shared => (None, None, by_fields(body, this)),
        // What mentions a parameter may be asked for, and need not hold.
        _ if state.is_generic() => {
            let bound = quote!(#ident #ty_generics: __graceful::core::clone::Clone);
            let own = quote!(__graceful::Arc::unwrap_or_clone(#this));
            (Some(bound), None, by_clone(&own))
        }
        // Without parameters a bound that does not hold is an error, so the traits that fit the type tell. One that is
        // not `Send` has been refused for its other impl.
        _ => {
            let own = quote!((&&__graceful::Sharing::of(&#this)).sharing_kind().own(#this));
            (
                Some(bounds::whole(state, &quote!(SendFor))),
                Some(proof(state)),
                by_clone(&own),
            )
        }
    };
    let (cx, future) = (local("cx"), future());
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
        }
    }
}

/// Evaluated with the plan of an `Arc` of the type, and so only where there is one.
fn proof(state: &State<'_>) -> TokenStream {
    let ident = state.ident;
    if state.steps().any(|step| step.at_request.is_some()) {
        let message = text::at_request_in_arc(&state.name);
        let proof = blamed(ident, quote!(__graceful::forgotten), quote!(true, #message));
        return quote!(const PROOF: () = #proof;);
    }
    let message = text::not_cloneable(&state.name);
    let proof = blamed(
        ident,
        quote!(__graceful::needs_clone),
        quote!(__graceful::Cloneable::<#ident>::YES, #message),
    );
    quote!(const PROOF: () = #proof;)
}

fn by_clone(own: &TokenStream) -> TokenStream {
    let cx = local("cx");
    quote!(__graceful::Shutdown::shutdown(#own, #cx))
}

fn by_fields(body: &Body<'_>, this: &Ident) -> TokenStream {
    let (cx, steps) = (local("cx"), local("steps"));
    // What is there to stay alive is not dead code: without `shared` it is moved, which says so too.
    let kept = body.kept.iter().map(|kept| &kept.field.member);
    let pushes = body.steps.iter().map(|step| push(&steps, this, step));
    quote! {
        #(_ = &#this.#kept;)*
        let mut #steps = __graceful::Steps::new(#cx, __graceful::plan::<Self>());
        #(#pushes)*
        __graceful::Steps::keep(&mut #steps, #this);
        __graceful::Steps::run(#steps)
    }
}

/// Each step holds the whole, and reaches its field through it.
fn push(steps: &Ident, this: &Ident, step: &Step<'_>) -> TokenStream {
    let whole = match &step.how {
        // A method that takes more than `&self` is blamed, and not what it can't take. Nothing of the user's is in its
        // sight, so it needs no hygiene.
        How::Method(method) => Ident::new("__graceful_this", method.span()),
        How::Shutdown | How::Critical | How::With(_) | How::Drop | How::Own => local("this"),
    };
    let (ty, member) = (step.field.ty, &step.field.member);
    let value = quote!(#whole.#member);
    let cx = local("cx");
    let close = match &step.how {
        // Refused before: others could take the task.
        How::Shutdown | How::Critical => Close {
            culprit: ty.to_token_stream(),
            cx: cx.to_token_stream(),
            body: quote! {
                async move {
                    let __graceful_kind =
                        (&&&&&__graceful::SharedField::<#ty>::of(&#value)).shared_kind();
                    __graceful_kind.shutdown::<#ty>(&#value, #cx).await
                }
            },
        },
        // Refused before, where it is of its own accord.
        How::Drop | How::Own => Close {
            culprit: ty.to_token_stream(),
            cx: quote!(_),
            body: quote!(async move { __graceful::drop_shared::<#ty>(&#value).await }),
        },
        How::Method(method) => {
            let place = if reaches_inside(method, ty) {
                quote!(&#value)
            } else {
                value
            };
            Close::by_method(method, step, &located(place, method.span()))
        }
        How::With(closer) => Close::with(closer, &quote!(__graceful::clone_field::<#ty>(&#value))),
    };
    let Close { culprit, cx, body } = close;
    // As without `shared`.
    let call = placed(&culprit, quote!(call));
    quote! {
        (&mut #steps).#call(__graceful::hold::<Self>(&#this), |#whole, #cx| #body);
    }
}
