//! What closes one field, and says how that ended.

use crate::shutdown::keys::Method;
use crate::shutdown::state::Step;
use crate::tokens::{local, located, start};
use crate::types::is_called;
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::{Expr, ExprClosure, Pat, Type};

/// What a call of the user's gives, and what rustc is to blame for it.
pub(crate) struct Close {
    pub(crate) culprit: TokenStream,
    /// What the closure that runs it takes as the context.
    pub(crate) cx: TokenStream,
    /// A block that gives the outcome's future.
    pub(crate) body: TokenStream,
}

impl Close {
    /// By a method of what is in `place`, as deep as it is found.
    pub(crate) fn by_method(method: &Method, step: &Step<'_>, place: &TokenStream) -> Self {
        let culprit = method.name.to_token_stream();
        let binding = &step.field.binding;
        // The field does not stand where the method does, or rustc would suggest to write something in its place.
        let call = method.call();
        if !reaches_inside(method, step.field.ty) {
            let outcome = outcome(&culprit, &quote!(#place #call));
            return Self {
                cx: quote!(_),
                body: quote!(async move { #outcome.await }),
                culprit,
            };
        }
        let cx = local("cx");
        let outcome = outcome(&culprit, &quote!(#binding #call));
        let body = quote! {
            async move {
                let __graceful::Option::Some(mut #binding) = __graceful::Held(#place).open() else {
                    return __graceful::nothing(#cx);
                };
                #outcome.await
            }
        };
        Self {
            culprit,
            cx: cx.into_token_stream(),
            body,
        }
    }

    /// By a path or a closure, which is given `value`.
    pub(crate) fn with(closer: &Expr, value: &TokenStream) -> Self {
        let cx = local("cx").into_token_stream();
        let culprit = closer.to_token_stream();
        let body = match closer {
            // What it borrows from its parameters would outlive them.
            Expr::Closure(closure) if calls_only(closure) => {
                let parameters = closure.inputs.iter().zip([value, &cx]);
                let bindings = parameters
                    .filter(|(parameter, _)| !matches!(parameter, Pat::Wild(_)))
                    .map(|(parameter, value)| quote!(let #parameter = #value;));
                let outcome = outcome(&culprit, &closure.body.to_token_stream());
                quote!(async move { #(#bindings)* #outcome.await })
            }
            // Called before the future is polled: a plain close may block there, on a runtime too.
            Expr::Closure(_) => {
                let call = quote!(__graceful::call_with(#value, #cx, #closer));
                let outcome = outcome(&culprit, &call);
                quote!({ #outcome })
            }
            _ => {
                let (close, field) = (local("close"), local("field"));
                // Blamed where it takes something else.
                let blamed = located(quote!(#close), start(closer));
                let call = quote! {
                    (&&__graceful::Closer::of(&#close, &#field))
                        .closer_kind()
                        .call(#field, #cx, #blamed)
                };
                let outcome = outcome(&culprit, &call);
                quote!({
                    let (#close, #field) = (#closer, #value);
                    #outcome
                })
            }
        };
        Self { culprit, cx, body }
    }
}

/// What is done at the request: a block that gives the outcome's future. It is lent what `field` refers to.
pub(crate) fn at_request(act: &Expr, field: TokenStream) -> TokenStream {
    // Blamed where it takes something else.
    let field = located(field, start(act));
    let call = if let Expr::Closure(_) = act {
        quote!(__graceful::call_at_request(#field, #act))
    } else {
        // Called as it is, so that `&Arc<T>` will do for `&T`.
        quote!((#act)(#field))
    };
    let outcome = outcome(&act.to_token_stream(), &call);
    quote!(async move { #outcome.await })
}

/// Says of the step before it that it is a last word. Named only where there is one, so that a program without any is not linked with what closes them.
pub(crate) fn last_word(parts: &Ident, step: &Step<'_>) -> Option<TokenStream> {
    let last_word = quote!(__graceful::Parts::last_word(&mut #parts););
    step.is_last().then_some(last_word)
}

/// A future or a plain value, a `Result` or not: the traits that fit its type tell, by autoref.
fn outcome(culprit: &TokenStream, close: &TokenStream) -> TokenStream {
    let (closed, kind) = (local("closed"), local("kind"));
    // Blamed where the value is no outcome.
    let argument = Ident::new(
        &closed.to_string(),
        closed.span().located_at(start(culprit)),
    );
    // The kind by itself, or what finds it would be held while the value is awaited.
    quote! {
        let #closed = #close;
        let #kind = (&&&&__graceful::Returned::of(&#closed)).returned_kind();
        #kind.outcome(#argument)
    }
}

/// Whether a method is looked for in an `Option` too. By the type's name only so that most expansions need not ask: its
/// traits tell whether it is one. Its own `take` drops what it holds.
pub(crate) fn reaches_inside(method: &Method, ty: &Type) -> bool {
    method.name != "take" && is_called(ty, &["Option"])
}

/// Whether a closure is a call of a method of its parameters, and nothing else.
fn calls_only(closure: &ExprClosure) -> bool {
    let mut receiver = &*closure.body;
    let mut calls = false;
    while let Expr::MethodCall(call) = receiver {
        receiver = &call.receiver;
        calls = true;
    }
    let mut inputs = closure.inputs.iter();
    let is_plain = inputs.all(|input| matches!(input, Pat::Ident(_) | Pat::Type(_) | Pat::Wild(_)));
    calls && is_plain && matches!(receiver, Expr::Path(_))
}
