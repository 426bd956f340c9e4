//! A mutex that no panic poisons: nothing of the user's ever runs under one of ours, and what does
//! leaves whole what it changes.

use std::mem::ManuallyDrop;
use std::ops::{Deref, DerefMut};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

#[derive(Default)]
pub(crate) struct Lock<T>(Mutex<T>);

/// While it lives, nobody else has the value.
///
/// Locking and unlocking are calls: std's own code for both, which looks whether the thread panics, is
/// 200 bytes in each of some sixty places.
pub(crate) struct Locked<'a, T>(Option<Guard<'a, T>>);

/// Dropped by [`Locked`]'s own hand.
type Guard<'a, T> = ManuallyDrop<MutexGuard<'a, T>>;

impl<T> Lock<T> {
    pub(crate) const fn new(value: T) -> Self {
        Self(Mutex::new(value))
    }

    #[inline(never)]
    pub(crate) fn lock(&self) -> Locked<'_, T> {
        Locked::new(self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl<'a, T> Locked<'a, T> {
    fn new(guard: MutexGuard<'a, T>) -> Self {
        Self(Some(ManuallyDrop::new(guard)))
    }

    fn guard(mut self) -> MutexGuard<'a, T> {
        ManuallyDrop::into_inner(self.0.take().unwrap_or_else(|| gone()))
    }

    /// Lets others have it until `condition` is notified.
    pub(crate) fn wait(self, condition: &Condvar) -> Self {
        let guard = condition.wait(self.guard());
        Self::new(guard.unwrap_or_else(PoisonError::into_inner))
    }

    /// Lets others have it for as long as `awaited` says, but not longer than `limit`.
    pub(crate) fn wait_while(
        self,
        condition: &Condvar,
        limit: Duration,
        awaited: fn(&mut T) -> bool,
    ) {
        drop(condition.wait_timeout_while(self.guard(), limit, awaited));
    }
}

/// Never called: it is taken where the value is.
#[cold]
fn gone() -> ! {
    unreachable!("a lock is used after it was given back")
}

impl<T> Deref for Locked<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.0.as_ref().unwrap_or_else(|| gone())
    }
}

impl<T> DerefMut for Locked<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        self.0.as_mut().unwrap_or_else(|| gone())
    }
}

impl<T> Drop for Locked<'_, T> {
    #[inline(never)]
    fn drop(&mut self) {
        if let Some(guard) = self.0.take() {
            drop(ManuallyDrop::into_inner(guard));
        }
    }
}
