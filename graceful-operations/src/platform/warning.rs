//! What may be wrong, and what to do about it.

use super::probe::Probe;
use std::fmt;
use std::time::Duration;

/// A setting of the platform that will not let the process stop well. Displayed as one line that says what to change.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Warning {
    /// Process 1 is a shell, and this process is its child.
    ShellAsFirstProcess {
        /// What it is called.
        shell: String,
    },
    /// The signal never arrives, since whoever started the process had it blocked.
    BlockedSignal {
        /// Its name.
        signal: &'static str,
    },
    /// systemd kills before the stop is over.
    SystemdIsShorter {
        /// The unit.
        unit: String,
        /// What it gives.
        gives: Duration,
        /// What the stop may take.
        timeout: Duration,
    },
    /// The balancer still sends requests when the delay is over.
    ShortDelay {
        /// How long the service goes on serving.
        delay: Duration,
        /// How long the balancer takes to see that it is not ready.
        probe: Probe,
    },
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ShellAsFirstProcess { shell } => write!(
                f,
                "process 1 is the shell `{shell}`, which does not hand SIGTERM on: the platform will have to kill. Write the \
                 command in exec form, `CMD [\"/app\"]`, or begin the script's last line with `exec`"
            ),
            Self::BlockedSignal { signal } => write!(
                f,
                "{signal} is blocked and never arrives: whoever starts this process has it in its signal mask, and has to \
                 unblock it before"
            ),
            Self::SystemdIsShorter {
                unit,
                gives,
                timeout,
            } => write!(
                f,
                "the stop may take {timeout:?}, but systemd kills {unit} after {gives:?}: set TimeoutStopSec= above it, or \
                 GRACEFUL_TIMEOUT below"
            ),
            Self::ShortDelay { delay, probe } => {
                let Probe { period, failures } = probe;
                let takes = probe.takes();
                write!(
                    f,
                    "the delay is {delay:?}, but the readiness probe takes {period:?} × {failures} = {takes:?} to see that \
                     the service is not ready: set `delay` or GRACEFUL_DELAY to that, or probe more often"
                )
            }
        }
    }
}
