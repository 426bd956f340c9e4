//! The impls: a plan as data, and one push for each field.

use crate::shutdown::ast::{Body, Field, Input, Shape, Step};
use crate::shutdown::attr::How;
use crate::shutdown::outcome::outcome;
use crate::shutdown::plan;
use crate::shutdown::{bounds, docs, forgotten, shared};
use crate::tokens::{Paths, local, located, placed};
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens, quote};

pub(crate) fn expand(input: &Input<'_>) -> TokenStream {
    let (imports, paths) = input.paths.imported();
    let Paths { graceful, private } = &paths;
    let ident = input.ident;
    let (impl_generics, ty_generics, _) = input.generics.split_for_impl();
    let where_clause = bounds::where_clause(input, &paths);
    let plan = plan::constant(input, &paths);
    let mut checks = forgotten::proofs(input, &paths);
    // Not the one that a closure of the user's could name.
    let self_value = Ident::new("self", Span::mixed_site());
    let (cx, future) = (local("cx"), paths.future());
    let watch = local("watch");
    let (shutdown, taken_apart) = if input.shared {
        let shared = quote!(#private::Arc::new(#self_value));
        (
            quote!(#graceful::SharedShutdown::shutdown_shared(#shared, #cx)),
            None,
        )
    } else {
        let taken_apart = taken_apart(input, &self_value, &watch, &paths);
        let close = quote! {
            fn __graceful_close(
                #self_value,
                #watch: #private::Option<&#private::Watch>,
            ) -> #private::Close {
                #taken_apart
            }
        };
        (quote!(#private::close(#self_value, #cx)), Some(close))
    };
    let docs = docs::plan(input);
    let shared = shared::expand(input, &where_clause, &self_value, &paths);

    let constant = |plan: &TokenStream| quote!(const PLAN: #graceful::Plan = #plan;);
    // Without parameters everything can be proven in each build, else only where somebody uses the impl.
    let (now, plan) = if input.is_generic() {
        (
            TokenStream::new(),
            constant(&quote!({ #(#checks;)* #plan })),
        )
    } else {
        checks.extend(input.shared.then(|| shareable(ident, &paths)));
        checks.extend(plan::proof(input, &paths));
        let (proven, plan) = if plan::is_static(input) {
            // An item of its own is evaluated whoever uses it, and a mistake in it is shown once.
            let proven =
                quote!(#[allow(deprecated)] static __GRACEFUL_PLAN: #graceful::Plan = #plan;);
            let plan = constant(&quote!(__GRACEFUL_PLAN));
            let nested =
                quote!(const __GRACEFUL_NESTED: &'static #graceful::Plan = &__GRACEFUL_PLAN;);
            (Some(proven), quote!(#plan #nested))
        } else {
            (None, constant(&plan))
        };
        let now = quote!(#(#[allow(deprecated)] const _: () = #checks;)* #proven);
        (now, plan)
    };

    quote! {
        const _: () = {
            #imports
            use #private::{NoPlan as _, NotClosable as _, NotPlanned as _};
            #now

            #[doc = #docs]
            #[automatically_derived]
            #[allow(deprecated, redundant_lifetimes, rustdoc::broken_intra_doc_links, rustdoc::private_intra_doc_links)]
            impl #impl_generics #graceful::Shutdown for #ident #ty_generics #where_clause {
                #plan

                fn shutdown(
                    #self_value,
                    #cx: #graceful::Context,
                ) -> #future {
                    #shutdown
                }

                #taken_apart
            }

            #shared

            // Generic, so that a plan which is wrong is not reported once more where it is used.
            const fn __graceful_plan<S: #graceful::Shutdown>() -> #graceful::Plan {
                S::PLAN
            }
        };
    }
}

/// Fails where others could not hold the type.
fn shareable(ident: &Ident, paths: &Paths) -> TokenStream {
    let private = &paths.private;
    quote!(#private::needs_share::<#ident>())
}

fn taken_apart(input: &Input<'_>, self_value: &Ident, watch: &Ident, paths: &Paths) -> TokenStream {
    let graceful = &paths.graceful;
    let plan = quote!(__graceful_plan::<Self>());
    // At the type's name: where that has a `Drop` of its own, rustc blames the value that can't be taken apart.
    let whole = Ident::new("__graceful_whole", input.ident.span());
    match &input.shape {
        Shape::Struct(body) => {
            let (pattern, parts) = (pattern(body), parts(body, &plan, watch, paths));
            quote! {
                let #whole = #self_value;
                let Self #pattern = #whole;
                #parts
            }
        }
        Shape::Enum(variants) => {
            let mut arms = TokenStream::new();
            for (index, variant) in variants.iter().enumerate() {
                let index = Literal::usize_unsuffixed(index);
                let plan = quote!(#graceful::Plan::variant(&#plan, #index));
                let parts = parts(&variant.body, &plan, watch, paths);
                let (ident, pattern) = (variant.ident, pattern(&variant.body));
                quote!(Self::#ident #pattern => { #parts }).to_tokens(&mut arms);
            }
            quote! {
                let #whole = #self_value;
                match #whole { #arms }
            }
        }
    }
}

fn pattern(body: &Body<'_>) -> TokenStream {
    let mut bindings = Vec::new();
    let mut bind = |field: &Field<'_>| {
        let (member, binding) = (&field.member, &field.binding);
        bindings.push(quote!(#member: #binding));
    };
    for step in &body.steps {
        bind(&step.field);
    }
    for kept in &body.kept {
        bind(&kept.field);
    }
    quote!({ #(#bindings),* })
}

fn parts(body: &Body<'_>, plan: &TokenStream, watch: &Ident, paths: &Paths) -> TokenStream {
    let private = &paths.private;
    let parts = local("parts");
    let mut calls = TokenStream::new();
    for step in &body.steps {
        push(&parts, step, paths).to_tokens(&mut calls);
    }
    for kept in &body.kept {
        let (ty, binding) = (kept.field.ty, &kept.field.binding);
        quote!(#private::Parts::keep::<#ty>(&mut #parts, #binding);).to_tokens(&mut calls);
    }
    quote! {
        let mut #parts = #private::Parts::new(#plan, #watch);
        #calls
        #private::Parts::whole(#parts)
    }
}

fn push(parts: &Ident, step: &Step<'_>, paths: &Paths) -> TokenStream {
    let private = &paths.private;
    let ty = step.field.ty;
    let binding = &step.field.binding;
    let (field, cx) = (local("field"), local("cx"));
    let (culprit, parameters, close) = match &step.how {
        How::Shutdown => return quote!(#private::Parts::close::<#ty>(&mut #parts, #binding);),
        How::Critical => return quote!(#private::Parts::critical::<#ty>(&mut #parts, #binding);),
        How::Drop => return quote!(#private::Parts::drop::<#ty>(&mut #parts, #binding);),
        How::Method(method) => {
            // Where the method is named, or what it takes would be missing at the derive. Not so the field, in whose place
            // rustc would then suggest to write something.
            let call = located(quote!(.#method()), method.span());
            (
                method.to_token_stream(),
                quote!(mut #field, _),
                quote!(#field #call),
            )
        }
        How::With(closer) => (
            closer.to_token_stream(),
            quote!(#field, #cx),
            quote!(#private::call_with(#field, #cx, #closer)),
        ),
    };
    let outcome = outcome(&culprit, &close, paths);
    // A future that is not `Send` is blamed on the name of the method that takes it. By reference, or a by-value `call`
    // of some trait of the user's would be found first.
    let call = placed(&culprit, quote!(call));
    quote! {
        (&mut #parts).#call::<#ty, _, _>(#binding, |#parameters| async move { #outcome });
    }
}
