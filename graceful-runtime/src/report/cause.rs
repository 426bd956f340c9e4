//! One thing that went wrong.

use crate::thread_state::ThreadState;
use std::fmt;

/// One thing that went wrong in a stop: [`Report::causes`](crate::Report::causes).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Cause {
    /// What it happened to: the dotted path of a field, the name of a critical task, `main`, `process` for the whole of
    /// it, `environment`, `supervisor`, or what the end [left behind](LeftBehind::component). `steps` are those that the
    /// report has no room for, `tasks` those that nobody waited for.
    pub component: String,
    /// What happened.
    pub kind: CauseKind,
    /// The error, the panic's message, or what was last heard of it; empty where there is no more to say.
    pub message: String,
}

/// What happened to the component of a [`Cause`]. Displayed as one word, which metrics and JSON have too: `timed_out`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize),
    serde(rename_all = "snake_case")
)]
pub enum CauseKind {
    /// `failed`: it returned an error.
    Failed,
    /// `panicked`: its close did, or `main`.
    Panicked,
    /// `timed_out`: it had not ended at its limit.
    TimedOut,
    /// `forced`: it had not ended near its limit, and was closed by its `force`.
    Forced,
    /// `blocked`: it still has its thread, which no limit ends.
    Blocked,
    /// `not_started`: the total deadline had passed before it could begin.
    NotStarted,
    /// `still_running`: the process was ended by force meanwhile.
    StillRunning,
    /// `ended`: a critical task came to its end while the service was to run.
    Ended,
    /// `exited`: it asked for an exit code that is not 0, by [`exit`](crate::exit) or as what `main` returned.
    Exited,
    /// `dropped`: a `main` that returns no state showed no sign of having heard of the stop, and was dropped.
    Dropped,
    /// `left_behind`: the process ended without it.
    LeftBehind,
}

impl Cause {
    pub(crate) fn new(component: &str, kind: CauseKind, message: &str) -> Self {
        Self {
            component: component.to_owned(),
            kind,
            message: message.to_owned(),
        }
    }
}

impl CauseKind {
    /// All of them: a counter for each may begin at zero.
    pub const ALL: [Self; 11] = [
        Self::Failed,
        Self::Panicked,
        Self::TimedOut,
        Self::Forced,
        Self::Blocked,
        Self::NotStarted,
        Self::StillRunning,
        Self::Ended,
        Self::Exited,
        Self::Dropped,
        Self::LeftBehind,
    ];

    /// The word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::Panicked => "panicked",
            Self::TimedOut => "timed_out",
            Self::Forced => "forced",
            Self::Blocked => "blocked",
            Self::NotStarted => "not_started",
            Self::StillRunning => "still_running",
            Self::Ended => "ended",
            Self::Exited => "exited",
            Self::Dropped => "dropped",
            Self::LeftBehind => "left_behind",
        }
    }
}

impl fmt::Display for CauseKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// What the end of the process did not wait for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct LeftBehind {
    /// `main`, `runtime`, `blocking_work`, `stdout` or `exit_handler`.
    pub component: &'static str,
    /// Whether it had its time, still ran at a second signal or the deadline, or blocks its thread.
    pub kind: CauseKind,
    /// In words.
    pub what: String,
}

impl LeftBehind {
    pub(crate) fn new(component: &'static str, kind: CauseKind, what: impl Into<String>) -> Self {
        Self {
            component,
            kind,
            what: what.into(),
        }
    }

    /// It blocks its thread, with what that is doing where it is known.
    pub(crate) fn blocked(
        component: &'static str,
        what: &str,
        thread: Option<&ThreadState>,
    ) -> Self {
        let what = match thread {
            Some(thread) => format!("{what}: {thread}"),
            None => what.to_owned(),
        };
        Self::new(component, CauseKind::Blocked, what)
    }
}

impl fmt::Display for LeftBehind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}
