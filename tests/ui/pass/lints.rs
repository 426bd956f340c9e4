//! What an expansion writes is silent under every lint.
//!
//! Clippy's are on where this is given to `clippy-driver`.

#![forbid(
    unsafe_code,
    future_incompatible,
    rust_2018_compatibility,
    rust_2021_compatibility,
    rust_2024_compatibility
)]
#![deny(
    warnings,
    elided_lifetimes_in_paths,
    explicit_outlives_requirements,
    let_underscore_drop,
    missing_debug_implementations,
    missing_docs,
    redundant_imports,
    redundant_lifetimes,
    single_use_lifetimes,
    trivial_casts,
    trivial_numeric_casts,
    unit_bindings,
    unnameable_types,
    unreachable_pub,
    unused_import_braces,
    unused_lifetimes,
    unused_macro_rules,
    unused_qualifications,
    unused_results,
    variant_size_differences,
    clippy::all,
    clippy::pedantic,
    clippy::nursery,
    clippy::restriction,
    clippy::cargo
)]
// About this file, not about what is expanded in it.
#![allow(
    clippy::arbitrary_source_item_ordering,
    clippy::blanket_clippy_restriction_lints,
    clippy::cargo_common_metadata,
    clippy::missing_docs_in_private_items,
    clippy::multiple_crate_versions,
    clippy::needless_return,
    clippy::question_mark_used,
    clippy::single_call_fn,
    reason = "it is written to be expanded"
)]

extern crate alloc;

use alloc::sync::Arc;
use core::future::ready;
use core::num::ParseIntError;
use graceful::{Context, Shutdown};
use std::path::PathBuf;
use std::sync::Mutex;

#[derive(Clone, Debug, Shutdown)]
#[shutdown(nothing)]
struct Leaf;

#[derive(Debug, Shutdown)]
#[shutdown(timeout = "25s")]
struct App {
    #[shutdown(timeout = "5s")]
    nested: Leaf,
    #[shutdown(order = 1, drop)]
    dropped: String,
    #[shutdown(method = take)]
    by_method: Option<u8>,
    #[shutdown(with = close)]
    by_path: Leaf,
    #[shutdown(with = |_leaf, cx| return report(cx))]
    by_closure: Leaf,
    #[shutdown(skip)]
    skipped: Leaf,
    unmarked: PathBuf,
}

#[derive(Debug, Shutdown)]
struct Generic<'name, T: Clone, const N: usize> {
    #[shutdown]
    all: [T; N],
    kept: Vec<T>,
    name: &'name str,
}

#[derive(Debug, Shutdown)]
enum Choice {
    Nothing,
    One(#[shutdown(timeout = "1s")] Leaf),
    Two {
        #[shutdown(drop)]
        dropped: String,
        port: u16,
    },
}

#[derive(Debug, Shutdown)]
#[shutdown(shared, exhaustive, timeout = "25s")]
struct Shared {
    #[shutdown(timeout = "5s")]
    nested: Leaf,
    #[shutdown]
    locked: Mutex<Option<Leaf>>,
    #[shutdown(drop)]
    dropped: Mutex<String>,
    #[shutdown(method = is_empty)]
    by_method: Vec<u8>,
    #[shutdown(with = close)]
    by_path: Leaf,
    #[shutdown(with = |_leaf, cx| return report(cx))]
    by_closure: Leaf,
    #[shutdown(skip)]
    skipped: Arc<Leaf>,
}

#[derive(Debug, Shutdown)]
#[shutdown(shared)]
struct GenericShared<'name, T: Clone, const N: usize> {
    #[shutdown]
    all: [T; N],
    #[shutdown]
    locked: Mutex<Option<T>>,
    #[shutdown(skip)]
    name: &'name str,
}

#[derive(Debug, Shutdown)]
struct InArc {
    #[shutdown]
    leaf: Arc<Leaf>,
}

struct Number(u8);

impl Number {
    #[graceful::main(flavor = "current_thread", timeout = "5s")]
    async fn get(&self, (left, right): (u8, u8)) -> Result<u8, ParseIntError> {
        let parsed: u8 = "1".parse()?;
        close_now().await;
        return Ok(self.0.wrapping_add(parsed).wrapping_add(left).wrapping_add(right));
    }

    #[graceful::main(flavor = "local")]
    async fn nothing() {
        close_now().await;
    }
}

async fn close(_leaf: Leaf, cx: Context) {
    report(cx).await;
}

async fn report(cx: Context) {
    close_now().await;
    cx.progress("closing");
}

async fn close_now() {
    ready(()).await;
}

#[graceful::test(start_paused = true)]
async fn test() {
    close_now().await;
}

#[graceful::main(flavor = "current_thread", timeout = "30s", delay = "1s", signals(SIGINT))]
async fn main() -> Result<(), ParseIntError> {
    let parsed: u8 = "1".parse()?;
    close_now().await;
    assert_eq!(parsed, 1, "it is 1");
    if parsed == 2 {
        Number::nothing();
        _ = Number(1).get((1, 2));
    }
    drop(App {
        nested: Leaf,
        dropped: String::new(),
        by_method: None,
        by_path: Leaf,
        by_closure: Leaf,
        skipped: Leaf,
        unmarked: PathBuf::new(),
    });
    drop(Generic { all: [Leaf], kept: Vec::new(), name: "" });
    drop(Arc::new(Shared {
        nested: Leaf,
        locked: Mutex::new(None),
        dropped: Mutex::default(),
        by_method: Vec::new(),
        by_path: Leaf,
        by_closure: Leaf,
        skipped: Arc::new(Leaf),
    }));
    drop(Arc::new(GenericShared { all: [Leaf], locked: Mutex::new(None), name: "" }));
    drop(InArc { leaf: Arc::new(Leaf) });
    drop(Choice::Nothing);
    drop(Choice::One(Leaf));
    drop(Choice::Two { dropped: String::new(), port: 0 });
    return Ok(());
}
