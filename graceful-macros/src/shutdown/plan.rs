//! The plan: a constant, with one call for each step.

use crate::keys::Written;
use crate::limit::Limit;
use crate::shutdown::bounds;
use crate::shutdown::state::{Body, State, Step};
use crate::tokens::{blamed, end, mentions, placed, without_self};
use crate::types;
use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::{Path, Type};

pub(crate) fn constant(state: &State<'_>) -> TokenStream {
    let (name, plans) = (
        &state.name,
        state.bodies.iter().map(|body| steps(body, state)),
    );
    let plan = if state.is_enum {
        quote!(__graceful::Plan::variants(#name, &[#(#plans),*]))
    } else {
        plans.collect()
    };
    let Some(budget) = &state.budget else {
        return plan;
    };
    let duration = duration(&budget.value, state);
    if is_static(state) {
        // Proven beside it.
        return quote!(__graceful::within(#plan, #duration));
    }
    blamed(
        &budget.tokens,
        quote!(__graceful::Plan::budget),
        quote!(#plan, #duration),
    )
}

/// A proof, for rustc to evaluate, that the static plan fits into its budget.
pub(crate) fn proof(state: &State<'_>) -> Option<TokenStream> {
    let budget = state.budget.as_ref().filter(|_| is_static(state))?;
    Some(blamed(
        &budget.tokens,
        quote!(__graceful::assert_within),
        quote!(&__GRACEFUL_PLAN),
    ))
}

/// Whether the plan is an item of its own: where it can be one, and may prove wrong. It does where it is too long for a
/// timeout, and where a field in an `Arc` can't be closed there.
pub(crate) fn is_static(state: &State<'_>) -> bool {
    let may_be_wrong = |step: &Step<'_>| step.timeout().is_some() || step.has_plan();
    !state.is_generic() && (state.budget.is_some() || state.steps().any(may_be_wrong))
}

fn steps(body: &Body<'_>, state: &State<'_>) -> TokenStream {
    let name = &body.name;
    let count = Literal::usize_unsuffixed(body.steps.len());
    let steps = body.steps.iter().map(|step| self::step(step, state));
    let steps = if body.steps.is_empty() || !is_static(state) {
        quote!(&[#(#steps),*])
    } else {
        // In place, it would be a constant of its own, and rustc goes into 128 of those.
        quote!({ static __GRACEFUL_STEPS: [__graceful::Step; #count] = [#(#steps),*]; &__GRACEFUL_STEPS })
    };
    quote!(__graceful::Plan::new(#name, #steps))
}

fn step(step: &Step<'_>, state: &State<'_>) -> TokenStream {
    let name = step.field.name();
    let order = Literal::u32_unsuffixed(step.order.unwrap_or_default());
    let mut tokens = if step.has_plan() {
        nested(step, &quote!(#name, #order), state)
    } else if let Some(nanos) = step.timeout().map(|limit| nanos(limit, state)) {
        quote!(__graceful::step_within(#name, #order, #nanos))
    } else {
        quote!(__graceful::step(#name, #order))
    };
    if step.force().is_some() {
        tokens.extend(quote!(.force()));
    }
    if step.at_request().is_some() {
        tokens.extend(quote!(.at_request()));
    }
    if step.is_last() {
        tokens.extend(quote!(.last()));
    }
    if !step.after.is_empty() {
        let after = &step.after;
        let method = if step.order.is_some() {
            quote!(after)
        } else {
            quote!(only_after)
        };
        tokens.extend(quote!(.#method(&[#(#after),*])));
    }
    tokens
}

/// As plans count them: the most that there are is as good as for ever.
fn nanos(limit: &Written<Limit>, state: &State<'_>) -> TokenStream {
    let Some(words) = limit.value.known() else {
        let duration = duration(&limit.value, state);
        return quote!(__graceful::nanos(#duration));
    };
    let nanos = u64::try_from(words.as_nanos()).unwrap_or(u64::MAX);
    Literal::u64_unsuffixed(nanos).into_token_stream()
}

fn duration(limit: &Limit, state: &State<'_>) -> TokenStream {
    limit.duration_where(|path| outside(path, state))
}

/// A step with the plan of its field's type, called `name`.
fn nested(step: &Step<'_>, name: &TokenStream, state: &State<'_>) -> TokenStream {
    let ty = outside(step.field.ty, state);
    // Where the plan is too long, it is the timeout that can't hold.
    let (culprit, within, nanos) = match step.timeout() {
        None => (&ty, "", None),
        Some(timeout) => {
            let nanos = nanos(timeout, state);
            (&timeout.tokens, "_within", Some(quote!(, #nanos)))
        }
    };
    if bounds::is_generic(step.field.ty, state.generics) {
        let function = format_ident!("planned{within}");
        let function = quote!(__graceful::#function::<#ty>);
        return blamed(culprit, function, quote!(#name #nanos));
    }
    let plan_of = quote!(__graceful::PlanOf::<);
    if is_path(step.field.ty) {
        let method = format_ident!("step{within}");
        let opened = placed(culprit, plan_of);
        let closed = quote_spanned!(end(culprit)=> >::KIND.#method(#name #nanos));
        return quote!(#opened #ty #closed);
    }
    let function = format_ident!("nested{within}");
    // At the type, which rustc shows in a note where a plan in it is wrong.
    let opened = placed(&ty, plan_of);
    let closed = quote_spanned!(end(&ty)=> >::PLAN);
    blamed(
        culprit,
        quote!(__graceful::#function),
        quote!(#name #nanos, #opened #ty #closed),
    )
}

/// Whether a type is made of no others: what is wrong with its plan is shown where it is declared.
fn is_path(ty: &Type) -> bool {
    let is_plain = |path: &Path| {
        path.segments
            .iter()
            .all(|segment| segment.arguments.is_none())
    };
    types::path(ty).is_some_and(is_plain)
}

/// A field's type, or a constant's path, where the plan and its proofs stand: for a type without parameters outside of its
/// impl, where `Self` means nothing.
pub(super) fn outside(written: &impl ToTokens, state: &State<'_>) -> TokenStream {
    let tokens = written.to_token_stream();
    if !state.is_generic() && mentions(tokens.clone(), &|ident| ident == "Self") {
        without_self(tokens, state.ident)
    } else {
        tokens
    }
}
