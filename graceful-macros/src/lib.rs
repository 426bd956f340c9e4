//! The macros of `graceful-app`, which re-exports them: use that crate.

#![cfg_attr(
    not(test),
    deny(
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::unwrap_used
    )
)]

mod duration;
mod entry;
mod error;
mod list;
mod shutdown;
mod tokens;
mod value;

use entry::Kind;
use proc_macro::TokenStream;

/// Runs an `async fn`, and closes the state it returns when the process is asked to stop.
#[proc_macro_attribute]
pub fn main(arguments: TokenStream, item: TokenStream) -> TokenStream {
    entry::expand(arguments.into(), &item.into(), Kind::Main, true).into()
}

/// [`main`](macro@main) for a facade without the feature `rt-multi-thread`.
#[proc_macro_attribute]
pub fn main_rt(arguments: TokenStream, item: TokenStream) -> TokenStream {
    entry::expand(arguments.into(), &item.into(), Kind::Main, false).into()
}

/// Runs an `async fn` as a test.
#[proc_macro_attribute]
pub fn test(arguments: TokenStream, item: TokenStream) -> TokenStream {
    entry::expand(arguments.into(), &item.into(), Kind::Test, true).into()
}

/// [`test`](macro@test) for a facade without the feature `rt-multi-thread`.
#[proc_macro_attribute]
pub fn test_rt(arguments: TokenStream, item: TokenStream) -> TokenStream {
    entry::expand(arguments.into(), &item.into(), Kind::Test, false).into()
}

/// Implements `Shutdown`.
#[proc_macro_derive(Shutdown, attributes(shutdown))]
pub fn derive_shutdown(item: TokenStream) -> TokenStream {
    shutdown::derive(item.into()).into()
}
