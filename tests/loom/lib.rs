//! What threads decide without a lock, in every order that they can do it in, stale reads included.
//!
//! The files are the runtime's own, on loom's atomics: this is a crate, so that the models run with
//! all other tests and need no flag, under which tokio would lose half of itself.
#![cfg(test)]

/// The runtime's own.
#[path = "../../graceful-runtime/src/phase.rs"]
pub mod phase;

mod lifecycle;
mod tracker;

/// All orders with up to two switches away from a thread that could go on: each weakened ordering
/// and each step left out was found with two, and all orders would take hours.
fn model(run: impl Fn() + Sync + Send + 'static) {
    let mut model = loom::model::Builder::new();
    model.preemption_bound = Some(2);
    model.check(run);
}
