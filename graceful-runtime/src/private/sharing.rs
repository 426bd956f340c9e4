//! Closing a whole that others hold too: by a clone, or once nobody else does.

#![allow(
    clippy::unused_self,
    reason = "methods, so that the kind which the compiler finds decides which one is called"
)]

use crate::autoref::kinds;
use crate::context::Close;
use crate::shutdown::{Shutdown, Watch, close_of_clone};
use std::marker::PhantomData;
use std::sync::Arc;

/// Whether a type can be cloned.
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
pub struct Sharing<T>(PhantomData<T>);

impl<T> Sharing<T> {
    /// Of what this holds.
    pub fn of(_: &Arc<T>) -> Self {
        Self(PhantomData)
    }
}

kinds! { sharing_kind:
    /// By a clone.
    CloneKind gives ByClone for [T: Clone] &Sharing<T>;
    /// Where it can't be cloned: only once nobody else holds it.
    HeldKind gives IfAlone for [T] Sharing<T>;
}

/// Clones.
pub struct ByClone;

/// Takes what nobody else holds.
pub struct IfAlone;

impl ByClone {
    /// One's own.
    pub fn own<T: Clone>(self, shared: Arc<T>) -> T {
        Arc::unwrap_or_clone(shared)
    }

    /// How it is closed, where that is known before.
    pub fn close<T: Shutdown + Clone>(
        self,
        shared: &Arc<T>,
        watch: Option<&Watch>,
    ) -> Option<Close> {
        close_of_clone::<T>(shared, watch)
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

    /// Nobody knows before.
    pub fn close<T>(self, _shared: &Arc<T>, _watch: Option<&Watch>) -> Option<Close> {
        None
    }
}

/// `Send`, for a bound with `for<'a>`: without one rustc would refuse a bound on a type without parameters that does not
/// hold, and it has been refused already.
pub trait SendFor<'a>: Send {}

impl<T: Send> SendFor<'_> for T {}

/// As [`SendFor`].
pub trait ShareFor<'a>: Send + Sync {}

impl<T: Send + Sync> ShareFor<'_> for T {}

/// Refuses a `#[shutdown(shared)]` type that others can't hold.
pub const fn needs_share<T: for<'a> ShareFor<'a>>() {}

/// Not `Clone::clone`: a bound of the type's own, like `Arc<Mutex<Option<T>>>: Clone`, would be taken for the one that is meant.
pub fn hold<T>(shared: &Arc<T>) -> Arc<T> {
    shared.clone()
}
