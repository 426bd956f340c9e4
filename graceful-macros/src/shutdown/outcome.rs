//! What a closing method or closure returned becomes the outcome of its step.

use crate::tokens::{Paths, local, start};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

/// A future or a plain value, a `Result` or not: the traits that fit its type tell, by autoref.
pub(crate) fn outcome(culprit: &TokenStream, close: &TokenStream, paths: &Paths) -> TokenStream {
    let private = &paths.private;
    let (returned, kind) = (local("returned"), local("kind"));
    let argument = Ident::new(
        &returned.to_string(),
        returned.span().located_at(start(culprit)),
    );
    quote! {
        let #returned = #close;
        let #kind = {
            use #private::{DebugKind as _, FutureKind as _, OutcomeKind as _, ShownFutureKind as _};
            (&&&&#private::Returned::of(&#returned)).returned_kind()
        };
        #kind.outcome(#argument).await
    }
}
