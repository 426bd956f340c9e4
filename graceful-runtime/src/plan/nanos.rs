//! Durations as plans hold them.

use std::fmt;
use std::time::Duration;

/// So many nanoseconds, of which 584 years are the most.
///
/// A constant pays for every call and for every field of what it holds, in the build of whoever has it: one number
/// costs a fraction of what a [`Duration`] does.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Nanos(pub(super) u64);

impl Nanos {
    pub(super) const ZERO: Self = Self(0);

    pub(super) const fn of(duration: Duration) -> Self {
        let nanos = duration.as_nanos();
        if nanos > u64::MAX as u128 {
            return Self(u64::MAX);
        }
        #[allow(
            clippy::cast_possible_truncation,
            reason = "it is no more than fits; `TryFrom` is not const"
        )]
        Self(nanos as u64)
    }

    pub(super) const fn duration(self) -> Duration {
        Duration::from_nanos(self.0)
    }

    /// The sum, or the most that there is.
    pub(super) const fn and(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

/// As the duration that it is.
impl fmt::Debug for Nanos {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.duration().fmt(f)
    }
}
