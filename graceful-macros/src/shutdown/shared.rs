//! The impl of `SharedShutdown`, for an `Arc` of the type: by a clone of the whole, or field by field.

use crate::error::text;
use crate::shutdown::ast::{Body, Input, Shape, Step};
use crate::shutdown::attr::How;
use crate::shutdown::bounds;
use crate::shutdown::outcome::outcome;
use crate::tokens::{Paths, blamed, local, located, placed};
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};

pub(crate) fn expand(
    input: &Input<'_>,
    where_clause: &TokenStream,
    self_value: &Ident,
    paths: &Paths,
) -> TokenStream {
    let Paths { graceful, private } = paths;
    let ident = input.ident;
    let (impl_generics, ty_generics, _) = input.generics.split_for_impl();
    let (bound, proof, close) = match &input.shape {
        Shape::Struct(body) if input.shared => (None, None, by_fields(body, self_value, paths)),
        // What mentions a parameter may be asked for, and need not hold.
        _ if input.is_generic() => {
            let bound = quote!(#ident #ty_generics: #private::core::clone::Clone);
            let own = quote!(#private::Arc::unwrap_or_clone(#self_value));
            (Some(bound), None, by_clone(&own, graceful))
        }
        // A type that is not `Send` has been refused for its other impl.
        _ => (
            Some(bounds::whole(input, &quote!(SendFor), paths)),
            Some(proof(input, paths)),
            by_kind(self_value, paths),
        ),
    };
    let (cx, future) = (local("cx"), paths.future());
    quote! {
        #[automatically_derived]
        #[allow(deprecated, redundant_lifetimes)]
        impl #impl_generics #graceful::SharedShutdown for #ident #ty_generics
        #where_clause #bound
        {
            #proof

            fn shutdown_shared(
                #self_value: #private::Arc<Self>,
                #cx: #graceful::Context,
            ) -> #future {
                #close
            }
        }
    }
}

/// Evaluated with the plan of an `Arc` of the type, and so only where there is one.
fn proof(input: &Input<'_>, paths: &Paths) -> TokenStream {
    let private = &paths.private;
    let ident = input.ident;
    let message = text::not_cloneable(&input.name);
    let proof = blamed(
        ident,
        quote!(#private::needs_clone),
        quote!(#private::Cloneable::<#ident>::YES, #message),
    );
    quote! {
        const PROOF: () = {
            use #private::NotCloneable as _;
            #proof
        };
    }
}

/// Without parameters a bound that does not hold is an error, so the traits that fit the type tell.
fn by_kind(self_value: &Ident, paths: &Paths) -> TokenStream {
    let private = &paths.private;
    let kind = local("kind");
    let close = by_clone(&quote!(#kind.own(#self_value)), &paths.graceful);
    quote! {
        let #kind = {
            use #private::{CloneKind as _, HeldKind as _};
            (&&#private::Sharing::of(&#self_value)).sharing_kind()
        };
        #close
    }
}

fn by_clone(own: &TokenStream, graceful: &TokenStream) -> TokenStream {
    let cx = local("cx");
    quote!(#graceful::Shutdown::shutdown(#own, #cx))
}

fn by_fields(body: &Body<'_>, self_value: &Ident, paths: &Paths) -> TokenStream {
    let graceful = &paths.graceful;
    let (cx, steps) = (local("cx"), local("steps"));
    let mut used = TokenStream::new();
    for kept in &body.kept {
        // What is there to stay alive is not dead code: without `shared` it is moved, which says so too.
        let member = &kept.field.member;
        quote!(_ = &#self_value.#member;).to_tokens(&mut used);
    }
    let mut pushes = TokenStream::new();
    for step in &body.steps {
        push(&steps, self_value, step, paths).to_tokens(&mut pushes);
    }
    quote! {
        #used
        let mut #steps = #graceful::Steps::new(#cx, __graceful_plan::<Self>());
        #pushes
        #graceful::Steps::keep(&mut #steps, #self_value);
        #graceful::Steps::run(#steps)
    }
}

/// Each step holds the whole, and reaches its field through it.
fn push(steps: &Ident, self_value: &Ident, step: &Step<'_>, paths: &Paths) -> TokenStream {
    let private = &paths.private;
    let (field, cx) = (local("field"), local("cx"));
    let this = match &step.how {
        // A method that takes more than `&self` is blamed, and not what it can't take. Nothing of the user's is in its
        // sight, so it needs no hygiene.
        How::Method(method) => Ident::new("__graceful_this", method.span()),
        How::Shutdown | How::Critical | How::With(_) | How::Drop => local("this"),
    };
    let (ty, member) = (step.field.ty, &step.field.member);
    let value = quote!(#this.#member);
    let (culprit, uses_cx, close) = match &step.how {
        // Refused before: others could take the task.
        How::Shutdown | How::Critical => {
            let kind = local("kind");
            let close = quote! {
                let #kind = {
                    use #private::{
                        AnyFieldKind as _, ClonedKind as _, DroppedKind as _, NoShutdownKind as _, TakenKind as _,
                    };
                    (&&&&&#private::SharedField::<#ty>::of(&#value)).shared_kind()
                };
                #kind.shutdown::<#ty>(&#value, #cx).await
            };
            (ty.to_token_stream(), true, close)
        }
        How::Drop => (
            ty.to_token_stream(),
            false,
            quote!(#private::drop_shared::<#ty>(&#value).await),
        ),
        How::Method(method) => {
            let culprit = method.to_token_stream();
            let close = located(quote!(#value.#method()), method.span());
            let outcome = outcome(&culprit, &close, paths);
            (culprit, false, outcome)
        }
        How::With(closer) => {
            let culprit = closer.to_token_stream();
            let call = quote!(#private::call_with(#field, #cx, #closer));
            let outcome = outcome(&culprit, &call, paths);
            let close = quote! {
                let #field = #private::clone_field::<#ty>(&#value);
                #outcome
            };
            (culprit, true, close)
        }
    };
    let cx = if uses_cx { quote!(#cx) } else { quote!(_) };
    // As without `shared`.
    let call = placed(&culprit, quote!(call));
    quote! {
        (&mut #steps).#call(#private::hold::<Self>(&#self_value), |#this, #cx| async move { #close });
    }
}
