//! `Shutdown` for the types that a state holds out of the box.

mod collections;
mod locks;
mod shared;
mod std_types;
mod sync;
mod tasks;

pub(crate) use locks::Lock;

/// Types that are closed by being dropped.
macro_rules! closed_by_drop {
    ($($(#[$doc:meta])* ($($generic:ident)?) $ty:ty;)*) => {$(
        $(#[$doc])*
        impl$(<$generic: Send + 'static>)? crate::Shutdown for $ty {
            async fn shutdown(self, _cx: crate::Context) -> crate::Result {
                drop(self);
                Ok(())
            }
        }
    )*};
}
use closed_by_drop;
