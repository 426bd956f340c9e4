//! `Shutdown` for the types that a state holds out of the box.

mod collections;
mod critical;
mod locks;
#[cfg(feature = "process")]
mod process;
mod shared;
mod std_types;
mod sync;
mod tasks;
#[cfg(feature = "tokio-util")]
mod tokio_util;

pub(crate) use locks::{Lock, take_out};
use std::collections::VecDeque;
use std::sync::Arc;

/// What is closed by being dropped: the end of one clone changes nothing while there are others.
#[doc(hidden)]
pub trait ClosedByDrop {}

impl<T: ClosedByDrop> ClosedByDrop for Option<T> {}
impl<T: ClosedByDrop> ClosedByDrop for Box<T> {}
impl<T: ClosedByDrop> ClosedByDrop for Arc<T> {}
impl<T: ClosedByDrop> ClosedByDrop for Vec<T> {}
impl<T: ClosedByDrop> ClosedByDrop for VecDeque<T> {}
impl<T: ClosedByDrop, const N: usize> ClosedByDrop for [T; N] {}

/// Types that are closed by being dropped.
macro_rules! closed_by_drop {
    ($($(#[$doc:meta])* ($($generic:ident)?) $ty:ty;)*) => {$(
        $(#[$doc])*
        impl$(<$generic: Send + 'static>)? crate::shutdown::Shutdown for $ty {
            async fn shutdown(self, _cx: crate::context::Context) -> crate::outcome::Result {
                drop(self);
                Ok(())
            }
        }

        impl$(<$generic>)? crate::types::ClosedByDrop for $ty {}
    )*};
}
use closed_by_drop;
