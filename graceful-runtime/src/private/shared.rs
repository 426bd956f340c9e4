//! Closing the fields of what others hold too, each through a reference.

#![allow(
    clippy::unused_self,
    reason = "methods, so that the kind which the compiler finds decides which one is called"
)]

use super::returned::Awaited;
use crate::autoref::kinds;
use crate::shutdown::{Parts, Shutdown};
use crate::types::{ClosedByDrop, Lock, take_out};
use std::marker::PhantomData;
use std::sync::{Arc, PoisonError};

/// How a field is closed through a reference.
pub struct SharedField<T>(PhantomData<T>);

impl<T> SharedField<T> {
    /// Of this field.
    pub fn of(_: &T) -> Self {
        Self(PhantomData)
    }
}

kinds! { shared_kind:
    /// A lock: what it holds is taken out.
    TakenKind gives Taken for [L: Lock] &&&&SharedField<L>;
    /// A handle whose clone would be closed in vain, which is refused.
    DroppedKind gives InVain for [T: ClosedByDrop + Clone] &&&SharedField<T>;
    /// A handle: a clone of it is closed.
    ClonedKind gives Cloned for [T: Shutdown + Clone] &&SharedField<T>;
    /// Anything else that can be closed, which is refused.
    AnyFieldKind gives Refused for [T: Shutdown] &SharedField<T>;
    /// What can't be closed at all, which is refused for that.
    NoShutdownKind gives NotClosing for [T] SharedField<T>;
}

/// Takes it out of its lock.
pub struct Taken;

/// Clones it.
pub struct Cloned;

/// Would be closed in vain.
pub struct InVain;

/// Can't be closed through a reference.
pub struct Refused;

/// Can't be closed.
pub struct NotClosing;

/// Drops what is in it.
pub struct Dropped;

/// How a last word is closed that does not say it.
pub trait LastKind: Sized {
    /// As any field, if it has a close of its own.
    #[must_use]
    fn or_dropped(self) -> Self {
        self
    }
}

impl LastKind for Taken {}
impl LastKind for Cloned {}
impl LastKind for InVain {}
impl LastKind for Refused {}

impl NotClosing {
    /// It has none.
    #[must_use]
    pub fn or_dropped(self) -> Dropped {
        Dropped
    }
}

impl Taken {
    /// The next step closes what the lock holds then.
    #[track_caller]
    pub fn close<L, S>(self, parts: &mut Parts, whole: Arc<S>, field: fn(&S) -> &L)
    where
        L: Lock + 'static,
        S: Send + Sync + 'static,
    {
        parts.call(whole, move |whole, cx| async move {
            let close = take_out(field(&whole), &cx).await.shutdown(cx);
            Awaited.outcome(close).await
        });
    }
}

impl Cloned {
    /// The next step closes a clone.
    #[track_caller]
    pub fn close<T, S>(self, parts: &mut Parts, whole: Arc<S>, field: fn(&S) -> &T)
    where
        T: Shutdown + Clone,
        S: Send + Sync + 'static,
    {
        parts.close_clone(whole, field);
    }
}

/// What a field of a `#[shutdown(shared)]` type has to be.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be closed through a reference",
    label = "a field of a type with `#[shutdown(shared)]`",
    note = "others hold the type too: close the field by a method that takes `&self` (`#[shutdown(method = close)]`), make it `Clone`, or put it into a `Mutex<Option<_>>`"
)]
pub trait ClosesShared {}

impl Refused {
    /// Never called: nothing implements the bound.
    pub fn close<T: ClosesShared, S>(self, _: &mut Parts, _: Arc<S>, _: fn(&S) -> &T) {}
}

/// What a field must not be that is closed by being dropped.
#[diagnostic::on_unimplemented(
    message = "closing a clone of `{Self}` changes nothing while others hold it",
    label = "a field of a type with `#[shutdown(shared)]`, closed by being dropped",
    note = "put it into a `Mutex<Option<_>>`: what that holds is taken out and dropped",
    note = "if nobody waits for its end, write `#[shutdown(skip)]`"
)]
pub trait ClosesByClone {}

impl InVain {
    /// Never called: nothing implements the bound.
    pub fn close<T: ClosesByClone, S>(self, _: &mut Parts, _: Arc<S>, _: fn(&S) -> &T) {}
}

impl NotClosing {
    /// Never called: what it is asked for does not hold.
    pub fn close<T: Shutdown, S>(self, _: &mut Parts, _: Arc<S>, _: fn(&S) -> &T) {}
}

/// A lock, as a bound: by the kind of its field it is [`Taken`].
pub trait TakenOut: Shutdown + Lock {}

impl<L: Shutdown + Lock> TakenOut for L {}

/// A field that is closed by being dropped, though others hold it: what is in it is dropped.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be dropped while others hold it",
    label = "a field of a type with `#[shutdown(shared)]`",
    note = "put it into a `Mutex<Option<_>>`: what that holds is taken out and dropped"
)]
pub trait Emptied: Sync {
    #[doc(hidden)]
    fn empty(&self) -> impl Future<Output = ()> + Send;
}

macro_rules! emptied {
    ($($lock:ty: [$($bounds:tt)*], |$this:ident| $held:expr;)*) => {$(
        impl<T: Default + Send $($bounds)*> Emptied for $lock {
            async fn empty(&self) {
                let $this = self;
                // A variable of its own, so that the lock is free while it is dropped.
                let held = std::mem::take(&mut *$held);
                drop(held);
            }
        }
    )*};
}

emptied! {
    std::sync::Mutex<T>: [], |this| this.lock().unwrap_or_else(PoisonError::into_inner);
    std::sync::RwLock<T>: [+ Sync], |this| this.write().unwrap_or_else(PoisonError::into_inner);
    tokio::sync::Mutex<T>: [], |this| this.lock().await;
    tokio::sync::RwLock<T>: [+ Sync], |this| this.write().await;
}

impl<E: Emptied + Send> Emptied for Arc<E> {
    async fn empty(&self) {
        E::empty(self).await;
    }
}

impl Dropped {
    /// The next step drops what is in it.
    #[track_caller]
    pub fn close<E, S>(self, parts: &mut Parts, whole: Arc<S>, field: fn(&S) -> &E)
    where
        E: Emptied + 'static,
        S: Send + Sync + 'static,
    {
        parts.call(whole, move |whole, _| async move {
            field(&whole).empty().await;
            Ok(())
        });
    }
}

/// What `with` hands to its closure or function.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not `Clone`, and others hold it: `with` can't be given one",
    label = "a field of a type with `#[shutdown(shared)]`",
    note = "put it into an `Arc`, or close it by a method that takes `&self`: `#[shutdown(method = close)]`"
)]
pub trait GivesClone: Sized {
    #[doc(hidden)]
    #[must_use]
    fn give(&self) -> Self;
}

#[diagnostic::do_not_recommend]
impl<T: Clone> GivesClone for T {
    fn give(&self) -> Self {
        self.clone()
    }
}

/// `with` on a field that others hold.
pub fn clone_field<T: GivesClone>(field: &T) -> T {
    field.give()
}
