//! The macros of `graceful-app`, which re-exports them: use that crate.

#![doc(test(attr(allow(dead_code), deny(warnings))))]
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
#[cfg(test)]
mod tests;
mod tokens;
mod value;

use entry::Kind;
use proc_macro::TokenStream;

#[doc = include_str!("../docs/main.md")]
#[proc_macro_attribute]
pub fn main(arguments: TokenStream, item: TokenStream) -> TokenStream {
    entry::expand(arguments.into(), &item.into(), Kind::Main, true).into()
}

// What the facade exports as `main` without its feature `rt-multi-thread`; its examples are those of `main`.
#[cfg_attr(not(doctest), doc = include_str!("../docs/main.md"))]
#[proc_macro_attribute]
pub fn main_rt(arguments: TokenStream, item: TokenStream) -> TokenStream {
    entry::expand(arguments.into(), &item.into(), Kind::Main, false).into()
}

#[doc = include_str!("../docs/test.md")]
#[proc_macro_attribute]
pub fn test(arguments: TokenStream, item: TokenStream) -> TokenStream {
    entry::expand(arguments.into(), &item.into(), Kind::Test, true).into()
}

// As `main_rt`.
#[cfg_attr(not(doctest), doc = include_str!("../docs/test.md"))]
#[proc_macro_attribute]
pub fn test_rt(arguments: TokenStream, item: TokenStream) -> TokenStream {
    entry::expand(arguments.into(), &item.into(), Kind::Test, false).into()
}

#[doc = include_str!("../docs/shutdown.md")]
#[proc_macro_derive(Shutdown, attributes(shutdown))]
pub fn derive_shutdown(item: TokenStream) -> TokenStream {
    shutdown::derive(item.into()).into()
}
