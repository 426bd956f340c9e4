//! A mutex that no panic poisons: nothing of the user's ever runs under one of ours, and what does
//! leaves whole what it changes.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

#[derive(Default)]
pub(crate) struct Lock<T>(Mutex<T>);

/// While it lives, nobody else has the value.
pub(crate) type Locked<'a, T> = MutexGuard<'a, T>;

impl<T> Lock<T> {
    pub(crate) const fn new(value: T) -> Self {
        Self(Mutex::new(value))
    }

    pub(crate) fn lock(&self) -> Locked<'_, T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn into_inner(self) -> T {
        let value = self.0.into_inner();
        value.unwrap_or_else(PoisonError::into_inner)
    }
}

/// Lets others have it until `condition` is notified.
pub(crate) fn wait<'a, T>(locked: Locked<'a, T>, condition: &Condvar) -> Locked<'a, T> {
    let locked = condition.wait(locked);
    locked.unwrap_or_else(PoisonError::into_inner)
}

/// The same as long as the value is so, but not longer than `limit`: whether it is so no more.
pub(crate) fn ends_while<T>(
    locked: Locked<'_, T>,
    condition: &Condvar,
    limit: Duration,
    is_so: impl Fn(&T) -> bool,
) -> bool {
    let waited = condition.wait_timeout_while(locked, limit, |value| is_so(value));
    let (_locked, waited) = waited.unwrap_or_else(PoisonError::into_inner);
    !waited.timed_out()
}
