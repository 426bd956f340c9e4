//! Closing what others hold too: the whole by a clone, or field by field.

#![allow(
    clippy::unused_self,
    reason = "methods, so that the kind which the compiler finds decides which one is called"
)]

use crate::context::Context;
use crate::outcome::Result;
use crate::shutdown::Shutdown;
use crate::types::Lock;
use std::future::Ready;
use std::marker::PhantomData;
use std::sync::Arc;

/// Whether a type can be cloned.
#[derive(Debug)]
pub struct Cloneable<T>(PhantomData<T>);

impl<T: Clone> Cloneable<T> {
    /// Shadows the trait's constant.
    pub const YES: bool = true;
}

/// What can't be cloned.
pub trait NotCloneable {
    /// It can't.
    const YES: bool = false;
}

impl<T> NotCloneable for Cloneable<T> {}

/// Refuses, at compile time, an `Arc` of something that can't be closed through it.
#[track_caller]
pub const fn needs_clone(cloneable: bool, message: &str) {
    assert!(cloneable, "{}", message);
}

/// How a whole that others hold is made one's own.
#[derive(Debug)]
pub struct Sharing<T>(PhantomData<T>);

impl<T> Sharing<T> {
    /// Of what this holds.
    pub fn of(_: &Arc<T>) -> Self {
        Self(PhantomData)
    }
}

/// By a clone.
pub trait CloneKind {
    /// The kind.
    fn sharing_kind(&self) -> ByClone {
        ByClone
    }
}

impl<T: Clone> CloneKind for &Sharing<T> {}

/// Where it can't be cloned: only once nobody else holds it.
pub trait HeldKind {
    /// The kind.
    fn sharing_kind(&self) -> IfAlone {
        IfAlone
    }
}

impl<T> HeldKind for Sharing<T> {}

/// Clones.
#[derive(Debug)]
pub struct ByClone;

/// Takes what nobody else holds.
#[derive(Debug)]
pub struct IfAlone;

impl ByClone {
    /// One's own.
    pub fn own<T: Clone>(self, shared: Arc<T>) -> T {
        Arc::unwrap_or_clone(shared)
    }
}

impl IfAlone {
    /// One's own.
    ///
    /// # Panics
    ///
    /// If others hold it: the compiler has refused that before, wherever a plan was asked for.
    pub fn own<T>(self, shared: Arc<T>) -> T {
        let others = Arc::strong_count(&shared) - 1;
        Arc::into_inner(shared)
            .unwrap_or_else(|| panic!("{others} others hold it, and it can't be cloned"))
    }
}

/// How a field is closed through a reference.
#[derive(Debug)]
pub struct SharedField<T>(PhantomData<T>);

impl<T> SharedField<T> {
    /// Of this field.
    pub fn of(_: &T) -> Self {
        Self(PhantomData)
    }
}

/// A lock: what it holds is taken out.
pub trait TakenKind {
    /// The kind.
    fn shared_kind(&self) -> Taken {
        Taken
    }
}

impl<L: Lock> TakenKind for &&SharedField<L> {}

/// A handle: a clone of it is closed.
pub trait ClonedKind {
    /// The kind.
    fn shared_kind(&self) -> Cloned {
        Cloned
    }
}

impl<T: Shutdown + Clone> ClonedKind for &SharedField<T> {}

/// Anything else, which is refused.
pub trait AnyFieldKind {
    /// The kind.
    fn shared_kind(&self) -> Refused {
        Refused
    }
}

impl<T> AnyFieldKind for SharedField<T> {}

/// Takes it out of its lock.
#[derive(Debug)]
pub struct Taken;

/// Clones it.
#[derive(Debug)]
pub struct Cloned;

/// Can't be closed through a reference.
#[derive(Debug)]
pub struct Refused;

impl Taken {
    /// Closes what the lock held.
    ///
    /// # Errors
    ///
    /// The close's own.
    pub async fn shutdown<L: Lock>(self, field: &L, cx: Context) -> Result {
        field.take().await.shutdown(cx).await
    }
}

impl Cloned {
    /// Closes a clone.
    ///
    /// # Errors
    ///
    /// The close's own.
    pub fn shutdown<T: Shutdown + Clone>(
        self,
        field: &T,
        cx: Context,
    ) -> impl Future<Output = Result> + Send + use<T> {
        field.clone().shutdown(cx)
    }
}

/// What a field of a `#[shutdown(shared)]` type has to be.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be closed through a reference",
    label = "a field of a type with `#[shutdown(shared)]`",
    note = "others hold the type too: close the field by a method that takes `&self` (`#[shutdown(method = close)]`), make it `Clone`, or put it into a `Mutex<Option<_>>`"
)]
pub trait ClosesShared {
    #[doc(hidden)]
    fn close_shared(&self, cx: Context) -> Ready<Result>;
}

impl Refused {
    /// Never called: nothing implements the bound.
    ///
    /// # Errors
    ///
    /// None.
    pub fn shutdown<T: ClosesShared>(self, field: &T, cx: Context) -> Ready<Result> {
        field.close_shared(cx)
    }
}
