//! A mistake of ours must not take what the user wrote with it.

use crate::error::text;
use proc_macro2::{Span, TokenStream};
use quote::quote;
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use syn::Error;

/// What `expand` gives; where it panics, an error that asks for a report, and `kept`.
pub(crate) fn expand(kept: &TokenStream, expand: impl FnOnce() -> TokenStream) -> TokenStream {
    // Nothing that it leaves behind is used again.
    catch_unwind(AssertUnwindSafe(expand)).unwrap_or_else(|payload| {
        let text = text::bug(message(&*payload));
        let error = Error::new(Span::call_site(), text).into_compile_error();
        quote!(#error #kept)
    })
}

fn message(payload: &(dyn Any + Send)) -> &str {
    let owned = payload.downcast_ref::<String>().map(String::as_str);
    owned
        .or_else(|| payload.downcast_ref::<&str>().copied())
        .unwrap_or("no message")
}
