//! A field with a hard way to close: what is left of it at the limit, and who closes that.

mod at_limit;

use crate::context::{Close, Context};
use crate::outcome::Result;
use crate::shutdown::{Parts, Shutdown};
use at_limit::force_at_limit;
use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use tokio::sync::oneshot;

/// A field while its close runs: given back where that ends or is cut.
#[doc(hidden)]
pub struct Kept<T> {
    /// Taken where it is dropped.
    value: Option<T>,
    back: Option<oneshot::Sender<T>>,
}

impl<T> Deref for Kept<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.value
            .as_ref()
            .expect("it is there until it is dropped")
    }
}

impl<T> DerefMut for Kept<T> {
    fn deref_mut(&mut self) -> &mut T {
        self.value
            .as_mut()
            .expect("it is there until it is dropped")
    }
}

impl<T> Drop for Kept<T> {
    fn drop(&mut self) {
        if let (Some(value), Some(back)) = (self.value.take(), self.back.take()) {
            // Where nobody forces it any more it is dropped here.
            drop(back.send(value));
        }
    }
}

/// What `force` needs of a field whose close takes it by value.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not `Clone`, and `force` would have nothing left: the close has taken the field",
    label = "a field with `force`",
    note = "close it by a method that takes a reference: `#[shutdown(method = close, force = stop)]`"
)]
pub trait LeavesClone: Sized {
    #[doc(hidden)]
    #[must_use]
    fn leave(&self) -> Self;
}

#[diagnostic::do_not_recommend]
impl<T: Clone> LeavesClone for T {
    fn leave(&self) -> Self {
        self.clone()
    }
}

impl Parts {
    /// The next step calls `close`, and at its limit `force` with what is left.
    #[track_caller]
    pub fn call_or_force<T, F, R, G, H>(&mut self, value: T, close: F, force: G)
    where
        T: Send + 'static,
        F: FnOnce(Kept<T>, Context) -> R + Send + 'static,
        R: Future<Output = Result> + Send + 'static,
        G: FnOnce(T, Context) -> H + Send + 'static,
        H: Future<Output = Result> + Send + 'static,
    {
        let (back, left) = oneshot::channel();
        let kept = Kept {
            value: Some(value),
            back: Some(back),
        };
        let close = Close::new(move |cx| close(kept, cx));
        let force = Close::new(move |cx| async move {
            // Where the close blocks its thread it is not there before that ends.
            match left.await {
                Ok(value) => force(value, cx).await,
                Err(_) => Ok(()),
            }
        });
        self.push(or_force(close, force));
    }

    /// The same for a close that takes the value: a clone is left.
    #[track_caller]
    pub fn call_or_force_clone<T, F, R, G, H>(&mut self, value: T, close: F, force: G)
    where
        T: LeavesClone + Send + 'static,
        F: FnOnce(T, Context) -> R + Send + 'static,
        R: Future<Output = Result> + Send + 'static,
        G: FnOnce(T, Context) -> H + Send + 'static,
        H: Future<Output = Result> + Send + 'static,
    {
        let left = value.leave();
        let close = Close::new(move |cx| close(value, cx));
        self.push(or_force(close, Close::new(move |cx| force(left, cx))));
    }

    /// The same for a value that closes itself.
    #[track_caller]
    pub fn close_or_force<S, G, H>(&mut self, value: S, force: G)
    where
        S: Shutdown + LeavesClone,
        G: FnOnce(S, Context) -> H + Send + 'static,
        H: Future<Output = Result> + Send + 'static,
    {
        let watch = self.watch_next();
        let left = value.leave();
        let close = value.__graceful_close(watch.as_ref());
        self.push(or_force(close, Close::new(move |cx| force(left, cx))));
    }

    /// The step that was added last is closed at its limit by `force`, which reaches the field through the `whole`.
    pub fn or_force<S, F, R>(&mut self, whole: Arc<S>, force: F)
    where
        S: Send + Sync + 'static,
        F: FnOnce(Arc<S>, Context) -> R + Send + 'static,
        R: Future<Output = Result> + Send + 'static,
    {
        let force = Close::of_first_poll(move |cx| force(whole, cx));
        self.wrap_last(|close| or_force(close, force));
    }
}

/// The same close, and where it has not ended near its limit `force`.
fn or_force(close: Close, force: Close) -> Close {
    close.carried_out_by(|cx, close| force_at_limit(&cx, close, force))
}

impl<T> fmt::Debug for Kept<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Kept").finish_non_exhaustive()
    }
}
