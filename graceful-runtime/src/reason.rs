//! Why the stop began.

use std::borrow::Cow;
use std::fmt;

/// A signal that asks a process to stop.
///
/// The names are those of [signal(7)](https://man7.org/linux/man-pages/man7/signal.7.html); on Windows each stands for the
/// console event beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Signal {
    /// `SIGINT`, what Ctrl-C sends.
    Interrupt,
    /// `SIGTERM`, what `kill`, systemd and Kubernetes send. On Windows: closing the console, log-off and shutdown.
    Terminate,
    /// `SIGHUP`: the terminal is gone. Many services reload on it, so it is never taken unless asked for. Nothing on Windows.
    Hangup,
    /// `SIGQUIT`, what Ctrl-\ sends. On Windows: Ctrl-Break.
    Quit,
}

impl Signal {
    /// What begins a stop unless the program says otherwise: Ctrl-C, and what every process manager sends.
    pub const DEFAULT: [Self; 2] = [Self::Interrupt, Self::Terminate];

    /// The number of the signal, as in signal(7): a process that it ends by force exits with 128 more.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::Hangup => 1,
            Self::Interrupt => 2,
            Self::Quit => 3,
            Self::Terminate => 15,
        }
    }

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Interrupt => "SIGINT",
            Self::Terminate => "SIGTERM",
            Self::Hangup => "SIGHUP",
            Self::Quit => "SIGQUIT",
        }
    }

    /// What a process ends with that is ended by it, as shells have it.
    pub(crate) const fn exit_code(self) -> u8 {
        128 + self.number()
    }
}

impl fmt::Display for Signal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Why the stop began.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// A signal arrived.
    Signal(Signal),
    /// [`request`](crate::request) was called, with these words.
    Requested(Cow<'static, str>),
    /// [`exit`](crate::exit) was called with this code.
    Exit(u8),
    /// A task that the service can't do without came to its end: see [`critical`](crate::critical).
    CriticalTask {
        /// The name it was given.
        name: Cow<'static, str>,
        /// `ended`, `failed: …`, `panicked: …`, `was aborted` or `was dropped`; and where that is not known,
        /// that its error panicked when it was shown, or that it is watched no more.
        how: String,
    },
    /// `main` came to its end.
    MainReturned,
    /// `main` returned an error: its `Debug` text.
    MainFailed(String),
    /// `main` panicked: the message.
    MainPanicked(String),
}

impl Reason {
    /// The exit code that this reason asks for, whatever the closes do.
    pub(crate) const fn exit_code(&self) -> u8 {
        match self {
            Self::Exit(code) => *code,
            Self::MainFailed(_) => 1,
            Self::MainPanicked(_) => 101,
            Self::Signal(_)
            | Self::Requested(_)
            | Self::CriticalTask { .. }
            | Self::MainReturned => 0,
        }
    }

    /// Whether its text ends in somebody's own words, which what follows must not seem to belong to.
    pub(crate) const fn ends_in_words(&self) -> bool {
        matches!(
            self,
            Self::Requested(_)
                | Self::CriticalTask { .. }
                | Self::MainFailed(_)
                | Self::MainPanicked(_)
        )
    }

    /// Whether balancers and clients may still be sending: only then does the delay make sense.
    /// Ctrl-C is a person at a terminal, and where `main` has ended nobody serves.
    pub(crate) const fn waits_for_delay(&self) -> bool {
        matches!(
            self,
            Self::Signal(Signal::Terminate | Signal::Hangup | Signal::Quit) | Self::Requested(_)
        )
    }
}

impl From<&'static str> for Reason {
    fn from(words: &'static str) -> Self {
        Self::Requested(words.into())
    }
}

impl From<String> for Reason {
    fn from(words: String) -> Self {
        Self::Requested(words.into())
    }
}

impl From<Signal> for Reason {
    fn from(signal: Signal) -> Self {
        Self::Signal(signal)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Signal(signal) => signal.fmt(f),
            Self::Requested(words) => write!(f, "request: {words}"),
            Self::Exit(code) => write!(f, "exit({code})"),
            Self::CriticalTask { name, how } => write!(f, "critical task `{name}` {how}"),
            Self::MainReturned => f.write_str("main returned"),
            // The whole of it is printed as `main`'s error always is.
            Self::MainFailed(error) => {
                write!(
                    f,
                    "main failed: {}",
                    error.lines().next().unwrap_or_default()
                )
            }
            Self::MainPanicked(message) => write!(f, "main panicked: {message}"),
        }
    }
}
