//! Where the process stands.

use std::fmt;

/// Where a process stands between its start and its end.
///
/// Phases only ever go forward, and one may be left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Phase {
    /// `main` has not returned its state yet. A signal now drops the start-up.
    Starting,
    /// `main` has returned its state: the service is ready.
    Running,
    /// The stop has begun: not ready any more, and still serving for as long as the delay lasts.
    Draining,
    /// [`requested`](crate::requested) has resolved, and the steps of the plan run.
    Closing,
    /// The last step has ended; the runtime ends next.
    Stopped,
}

impl Phase {
    /// The phase whose discriminant this is.
    pub(crate) const fn from_number(number: u8) -> Self {
        match number {
            0 => Self::Starting,
            1 => Self::Running,
            2 => Self::Draining,
            3 => Self::Closing,
            _ => Self::Stopped,
        }
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Starting => "starting",
            Self::Running => "running",
            Self::Draining => "draining",
            Self::Closing => "closing",
            Self::Stopped => "stopped",
        })
    }
}
