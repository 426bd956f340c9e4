//! The impl of `Shutdown`: a plan as data, and one push for each field.

use crate::error::text;
use crate::shutdown::ast::{Body, Field, Input, Shape, Step};
use crate::shutdown::attr::How;
use crate::shutdown::bounds;
use crate::tokens::{Paths, blamed, local, mentions};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{ToTokens, quote};

pub(crate) fn expand(input: &Input<'_>) -> TokenStream {
    let paths = &input.paths;
    let Paths { graceful, private } = paths;
    let ident = input.ident;
    let (impl_generics, ty_generics, _) = input.generics.split_for_impl();
    let where_clause = bounds::where_clause(input);
    let plan = plan(input, paths);
    let (cx, shutdown) = (local("cx"), shutdown(input, paths));

    // Only a type without parameters can be looked at before somebody uses the impl.
    let (early, late): (Vec<_>, Vec<_>) = unmarked(input).partition(|field| {
        input.generics.params.is_empty()
            && !mentions(field.ty.to_token_stream(), |ident| ident == "Self")
    });
    let early = early.into_iter().map(|field| {
        let check = completeness(field, paths);
        quote!(const _: () = { #check };)
    });
    let late = late.into_iter().map(|field| completeness(field, paths));
    let proof = input
        .generics
        .params
        .is_empty()
        .then(|| quote!(const _: #graceful::Plan = <#ident as #graceful::Shutdown>::PLAN;));

    quote! {
        #[automatically_derived]
        #[allow(deprecated)]
        impl #impl_generics #graceful::Shutdown for #ident #ty_generics #where_clause {
            const PLAN: #graceful::Plan = {
                #({ #late })*
                #plan
            };

            fn shutdown(
                self,
                #cx: #graceful::Context,
            ) -> impl #private::Future<Output = #graceful::Result> + #private::Send {
                #shutdown
            }
        }
        #(#early)*
        #proof
    }
}

fn unmarked<'a>(input: &'a Input<'_>) -> impl Iterator<Item = &'a Field<'a>> {
    input
        .bodies()
        .flat_map(|body| &body.kept)
        .filter(|kept| !kept.skip)
        .map(|kept| &kept.field)
}

/// Fails where the type of a field without a mark turns out to be closable.
fn completeness(field: &Field<'_>, paths: &Paths) -> TokenStream {
    let private = &paths.private;
    let ty = field.ty;
    let message = text::forgotten(&field.name);
    let check = blamed(
        ty,
        quote!(#private::forgotten),
        quote!(#private::Closable::<#ty>::YES, #message),
    );
    quote! {
        use #private::NotClosable as _;
        #check
    }
}

fn plan(input: &Input<'_>, paths: &Paths) -> TokenStream {
    let graceful = &paths.graceful;
    let name = &input.name;
    let plan = match &input.shape {
        Shape::Struct(body) => steps(name, body, paths),
        Shape::Enum(variants) => {
            let variants = variants
                .iter()
                .map(|variant| steps(&variant.name, &variant.body, paths));
            quote!(#graceful::Plan::variants(#name, const { &[#(#variants),*] }))
        }
    };
    match &input.budget {
        Some(budget) => {
            let duration = paths.duration(budget.parts);
            blamed(
                &budget.tokens,
                quote!(#graceful::Plan::budget),
                quote!(#plan, #duration),
            )
        }
        None => plan,
    }
}

fn steps(name: &str, body: &Body<'_>, paths: &Paths) -> TokenStream {
    let graceful = &paths.graceful;
    let steps = body.steps.iter().map(|step| self::step(step, paths));
    quote!(#graceful::Plan::new(#name, const { &[#(#steps),*] }))
}

fn step(step: &Step<'_>, paths: &Paths) -> TokenStream {
    let Paths { graceful, private } = paths;
    let name = &step.field.name;
    let order = Literal::u32_unsuffixed(step.order);
    let mut tokens = quote!(#graceful::Step::new(#name).order(#order));
    if let Some(timeout) = &step.timeout {
        let duration = paths.duration(timeout.parts);
        tokens.extend(quote!(.timeout(#duration)));
    }
    if !matches!(step.how, How::Shutdown) {
        return tokens;
    }
    let ty = step.field.ty;
    let nested = quote!({
        use #private::NoPlan as _;
        #private::PlanOf::<#ty>::PLAN
    });
    let Some(timeout) = &step.timeout else {
        return quote!(#tokens.plan(#nested));
    };
    // Where the nested plan is too long, it is this timeout that can't hold.
    blamed(
        &timeout.tokens,
        quote!(#graceful::Step::plan),
        quote!(#tokens, #nested),
    )
}

fn shutdown(input: &Input<'_>, paths: &Paths) -> TokenStream {
    let graceful = &paths.graceful;
    let plan = quote!(<Self as #graceful::Shutdown>::PLAN);
    match &input.shape {
        Shape::Struct(body) => {
            let (pattern, run) = (pattern(body), run(body, &plan, paths));
            quote! {
                let Self #pattern = self;
                #run
            }
        }
        // Without a variant there is no arm that could say what the match returns.
        Shape::Enum(variants) if variants.is_empty() => run(&Body::default(), &plan, paths),
        Shape::Enum(variants) => {
            let arms = variants.iter().enumerate().map(|(index, variant)| {
                let index = Literal::usize_unsuffixed(index);
                let run = run(&variant.body, &quote!(#plan.variant(#index)), paths);
                let (ident, pattern) = (variant.ident, pattern(&variant.body));
                quote!(Self::#ident #pattern => { #run })
            });
            quote!(match self { #(#arms)* })
        }
    }
}

fn pattern(body: &Body<'_>) -> TokenStream {
    let bindings = body
        .steps
        .iter()
        .map(|step| &step.field)
        .chain(body.kept.iter().map(|kept| &kept.field))
        .map(|field| {
            let (member, binding) = (&field.member, &field.binding);
            quote!(#member: #binding)
        });
    quote!({ #(#bindings),* })
}

fn run(body: &Body<'_>, plan: &TokenStream, paths: &Paths) -> TokenStream {
    let graceful = &paths.graceful;
    let (cx, steps) = (local("cx"), local("steps"));
    let pushes = body.steps.iter().map(|step| push(&steps, step, paths));
    let keep = (!body.kept.is_empty()).then(|| {
        let kept = body.kept.iter().map(|kept| &kept.field.binding);
        quote!(#steps.keep((#(#kept,)*));)
    });
    quote! {
        let mut #steps = #graceful::Steps::new(#cx, #plan);
        #(#pushes)*
        #keep
        #steps.run()
    }
}

fn push(steps: &Ident, step: &Step<'_>, paths: &Paths) -> TokenStream {
    let private = &paths.private;
    let ty = step.field.ty;
    let binding = &step.field.binding;
    let (field, cx) = (local("field"), local("cx"));
    match &step.how {
        How::Shutdown => quote!(#steps.close::<#ty>(#binding);),
        How::Drop => quote!(#steps.drop::<#ty>(#binding);),
        How::Method(method) => {
            let outcome = outcome(&quote!(#field.#method()), paths);
            quote! {
                #steps.call::<#ty, _, _>(#binding, |mut #field, _| async move { #outcome });
            }
        }
        How::With(closer) => {
            let outcome = outcome(
                &quote!(#private::call_with::<#ty, _, _>(#field, #cx, #closer)),
                paths,
            );
            quote! {
                #steps.call::<#ty, _, _>(#binding, |#field, #cx| async move { #outcome });
            }
        }
    }
}

/// A future or a plain value, a `Result` or not: the traits that fit its type tell, by autoref.
fn outcome(call: &TokenStream, paths: &Paths) -> TokenStream {
    let private = &paths.private;
    let (returned, kind) = (local("returned"), local("kind"));
    quote! {
        use #private::{DebugKind as _, FutureKind as _, OutcomeKind as _};
        let #returned = #call;
        let #kind = (&&&#private::Returned::of(&#returned)).returned_kind();
        #kind.outcome(#returned).await
    }
}
