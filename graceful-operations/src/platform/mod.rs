//! What of the platform's settings will not let the process stop well.
//!
//! ```no_run
//! use graceful::platform::{Platform, Probe};
//! use std::time::Duration;
//!
//! #[graceful::main(delay = "5s")]
//! async fn main() {
//!     // As the manifest has it: periodSeconds × failureThreshold.
//!     Platform::new()
//!         .readiness(Probe::new(Duration::from_secs(2), 2))
//!         .warn();
//! }
//! ```

mod probe;
mod process;
mod systemd;
mod warning;

pub use probe::Probe;
pub use warning::Warning;

use graceful_runtime::Handle;
use std::fmt;
use std::io::{self, Write as _};
use tracing::dispatcher;
use tracing::subscriber::NoSubscriber;

/// A look at the platform, once the process has begun.
#[must_use = "nothing is looked at until `warn` or `warnings` is called"]
pub struct Platform {
    lifecycle: Handle,
    readiness: Option<Probe>,
}

impl Platform {
    /// Looks at what concerns the current lifecycle.
    ///
    /// # Panics
    ///
    /// As [`Handle::current`].
    #[track_caller]
    pub fn new() -> Self {
        Self {
            lifecycle: Handle::current(),
            readiness: None,
        }
    }

    /// The readiness probe of the manifest: the delay has to be at least as long as it takes to fail. Default: not known.
    pub fn readiness(mut self, probe: Probe) -> Self {
        self.readiness = Some(probe);
        self
    }

    /// Says what is wrong, one line each, through `tracing` and where nobody listens on standard error. Never fails, and
    /// does not hold up the start: it looks on a thread of its own, since systemd has to be asked.
    pub fn warn(self) {
        let thread = std::thread::Builder::new().name("graceful-platform".to_owned());
        let look = move || {
            for warning in self.warnings() {
                tell(&warning);
            }
        };
        // Where there is room for no thread there are other worries.
        drop(thread.spawn(look));
    }

    /// What is wrong. Blocks for some milliseconds under systemd, which is asked for its limit.
    #[must_use]
    pub fn warnings(&self) -> Vec<Warning> {
        let mut warnings = Vec::new();
        warnings.extend(process::shell_as_first_process());
        warnings.extend(process::blocked_signals());
        if let Some(timeout) = self.lifecycle.timeout() {
            warnings.extend(systemd::shorter_than(timeout));
        }
        if let (Some(probe), delay) = (self.readiness, self.lifecycle.delay()) {
            if delay < probe.takes() {
                warnings.push(Warning::ShortDelay { delay, probe });
            }
        }
        warnings
    }
}

/// Where nobody listens it goes to standard error, whether or not anybody reads that.
fn tell(warning: &Warning) {
    // A subscriber that is set for a scope of the program is not heard here.
    if dispatcher::get_default(|listener| !listener.is::<NoSubscriber>()) {
        tracing::warn!(target: "graceful", "{warning}");
    } else {
        // In one piece, and not by `eprintln`: where the reader is gone that panics.
        let line = format!("graceful: {warning}\n");
        drop(io::stderr().write_all(line.as_bytes()));
    }
}

impl Default for Platform {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Platform")
            .field("readiness", &self.readiness)
            .finish_non_exhaustive()
    }
}
