//! `with = path`: whether the function takes what it is given.

#![allow(
    clippy::unused_self,
    reason = "methods, so that the kind which the compiler finds decides which one is called"
)]

use crate::autoref::kinds;
use crate::context::Context;
use std::marker::PhantomData;

/// A function, and the field that it is to close.
pub struct Closer<F, T>(PhantomData<(F, T)>);

impl<F, T> Closer<F, T> {
    /// Of these.
    pub fn of(_: &F, _: &T) -> Self {
        Self(PhantomData)
    }
}

kinds! { closer_kind:
    /// One that takes the field and the context.
    CallKind gives Calls for [T, R, F: FnOnce(T, Context) -> R] &Closer<F, T>;
    /// Anything else, which is refused.
    RefusedKind gives TakesTwo for [F, T] Closer<F, T>;
}

/// Calls it.
pub struct Calls;

/// Says what it has to take.
pub struct TakesTwo;

impl Calls {
    /// What the function returns.
    pub fn call<T, R, F: FnOnce(T, Context) -> R>(self, value: T, cx: Context, close: F) -> R {
        close(value, cx)
    }
}

/// What `with` calls.
#[diagnostic::on_unimplemented(
    message = "the function of `with` has to take `({T}, graceful::Context)`",
    label = "takes something else",
    note = "the field is given by value; for another function write a closure: `with = |field, cx| async move {{ … }}`"
)]
pub trait CallsTwo<T> {}

impl TakesTwo {
    /// Never called: nothing implements the bound.
    pub fn call<T, F: CallsTwo<T>>(self, _: T, _: Context, _: F) {}
}
