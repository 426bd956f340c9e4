//! What a function that is not `main` hands to its caller.

#![allow(
    clippy::unused_self,
    reason = "methods, so that the kind which the compiler finds decides which one is called"
)]

use crate::autoref::kinds;
use crate::shutdown::Shutdown;
use std::marker::PhantomData;

/// The type that a function returns, told by an array: the compiler has more to say of one that it does not find where
/// that stands in angle brackets.
pub struct Handed<T>(PhantomData<T>);

impl<T> Handed<T> {
    /// The element's type.
    pub const fn of(_: &[T; 0]) -> Self {
        Self(PhantomData)
    }
}

kinds! { handed_kind:
    /// A state.
    HandedStateKind gives Unclosed for [S: Shutdown] &&Handed<S>;
    /// A state, or an error.
    HandedTryStateKind gives Unclosed for [S: Shutdown, E] &Handed<Result<S, E>>;
    /// Anything else.
    HandedAnyKind gives Passed for [T] Handed<T>;
}

/// Is refused.
pub struct Unclosed;

/// Has nothing to close.
pub struct Passed;

/// What any function may return.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is to be closed, and this function would return it unclosed",
    label = "only `main` may return its state",
    note = "call `graceful::manage(state)` in the function, which closes it when the function has ended, and return something else; or leave the attribute out, and have `main` give its future to `graceful::Builder::multi_thread().run_state(…)`, which keeps the state"
)]
pub trait NeedsNoClose {}

impl Unclosed {
    /// Nothing implements the bound.
    pub fn check<T: NeedsNoClose>(self, _: [T; 0]) {}
}

impl Passed {
    /// Nothing to say.
    pub fn check<T>(self, _: [T; 0]) {}
}
