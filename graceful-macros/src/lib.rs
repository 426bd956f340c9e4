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
mod guard;
mod keys;
mod kind;
mod limit;
mod shutdown;
mod similar;
#[cfg(test)]
mod tests;
mod tokens;
mod types;
mod value;

use kind::Kind;
use proc_macro::TokenStream;
use proc_macro2::TokenStream as TokenStream2;

#[doc = include_str!("../docs/main.md")]
#[proc_macro_attribute]
pub fn main(arguments: TokenStream, item: TokenStream) -> TokenStream {
    attribute(arguments, item, Kind::Main, true)
}

// What the facade exports as `main` without its feature `rt-multi-thread`.
#[doc = include_str!("../docs/main.md")]
#[proc_macro_attribute]
pub fn main_rt(arguments: TokenStream, item: TokenStream) -> TokenStream {
    attribute(arguments, item, Kind::Main, false)
}

#[doc = include_str!("../docs/test.md")]
#[proc_macro_attribute]
pub fn test(arguments: TokenStream, item: TokenStream) -> TokenStream {
    attribute(arguments, item, Kind::Test, true)
}

// As `main_rt`.
#[doc = include_str!("../docs/test.md")]
#[proc_macro_attribute]
pub fn test_rt(arguments: TokenStream, item: TokenStream) -> TokenStream {
    attribute(arguments, item, Kind::Test, false)
}

#[doc = include_str!("../docs/shutdown.md")]
#[proc_macro_derive(Shutdown, attributes(shutdown))]
pub fn derive_shutdown(item: TokenStream) -> TokenStream {
    // The compiler keeps the item itself.
    guard::expand(&TokenStream2::new(), || shutdown::derive(item.into())).into()
}

fn attribute(
    arguments: TokenStream,
    item: TokenStream,
    kind: Kind,
    multi_thread: bool,
) -> TokenStream {
    let item = item.into();
    guard::expand(&item, || {
        entry::expand(arguments.into(), &item, kind, multi_thread)
    })
    .into()
}
