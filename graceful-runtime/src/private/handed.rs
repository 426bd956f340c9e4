//! What a function that is not `main` hands to its caller.

#![allow(
    clippy::unused_self,
    reason = "methods, so that the kind which the compiler finds decides which one is called"
)]

use crate::shutdown::Shutdown;
use std::marker::PhantomData;

/// The type that a function returns.
#[derive(Debug)]
pub struct Handed<T>(PhantomData<T>);

impl<T> Handed<T> {
    /// This type.
    #[allow(clippy::new_without_default, reason = "the type has to be named")]
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

/// A state.
pub trait HandedStateKind {
    /// The kind.
    fn handed_kind(&self) -> Unclosed {
        Unclosed
    }
}

impl<S: Shutdown> HandedStateKind for &&Handed<S> {}

/// A state, or an error.
pub trait HandedTryStateKind {
    /// The kind.
    fn handed_kind(&self) -> Unclosed {
        Unclosed
    }
}

impl<S: Shutdown, E> HandedTryStateKind for &Handed<Result<S, E>> {}

/// Anything else.
pub trait HandedAnyKind {
    /// The kind.
    fn handed_kind(&self) -> Passed {
        Passed
    }
}

impl<T> HandedAnyKind for Handed<T> {}

/// Is refused.
#[derive(Debug)]
pub struct Unclosed;

/// Has nothing to close.
#[derive(Debug)]
pub struct Passed;

/// What any function may return.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is to be closed, and this function would return it unclosed",
    label = "only `main` may return its state",
    note = "call `graceful::manage(state)` in the function, which closes it when the function has ended, and return something else"
)]
pub trait NeedsNoClose {}

impl Unclosed {
    /// Nothing implements the bound.
    pub const fn check<T: NeedsNoClose>(self) {}
}

impl Passed {
    /// Nothing to say.
    pub const fn check<T>(self) {}
}
