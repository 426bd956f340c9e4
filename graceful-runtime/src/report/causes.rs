//! What went wrong, as a machine counts it.

use super::{Report, StepReport};
use crate::outcome::Outcome;
use crate::reason::Reason;
use crate::thread_state::ThreadState;
use std::fmt;

/// One thing that went wrong in a stop: [`Report::causes`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Cause {
    /// What it happened to: the dotted path of a field, the name of a critical task, `main`, `runtime`, `stdout`, or
    /// `steps` for those that the report has no room for.
    pub component: String,
    /// What happened.
    pub kind: CauseKind,
    /// The error, the panic's message, or what was last heard of it; empty where there is no more to say.
    pub message: String,
}

/// What happened to the component of a [`Cause`]. Displayed as one word, which metrics and JSON have too: `timed_out`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CauseKind {
    /// `failed`: it returned an error.
    Failed,
    /// `panicked`
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
    /// `left_behind`: the process ended without it.
    LeftBehind,
}

impl CauseKind {
    /// All of them: a counter for each may begin at zero.
    pub const ALL: [Self; 9] = [
        Self::Failed,
        Self::Panicked,
        Self::TimedOut,
        Self::Forced,
        Self::Blocked,
        Self::NotStarted,
        Self::StillRunning,
        Self::Ended,
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
pub struct LeftBehind {
    /// `main`, `runtime`, `blocking_work` or `stdout`.
    pub component: &'static str,
    /// In words.
    pub what: String,
    /// Whether it has its thread and blocks it.
    pub blocked: bool,
}

impl LeftBehind {
    pub(crate) fn new(component: &'static str, what: impl Into<String>) -> Self {
        let what = what.into();
        Self {
            component,
            what,
            blocked: false,
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
        Self {
            component,
            what,
            blocked: true,
        }
    }
}

impl fmt::Display for LeftBehind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl Report {
    /// What went wrong, one after the other: the end of `main`, or that of a critical task that began the stop, then each
    /// step that did not close, then what was left behind. Empty where all is well.
    ///
    /// It is what a counter of errors counts, and what the JSON record has as `causes`.
    #[must_use]
    pub fn causes(&self) -> Vec<Cause> {
        let cause = |component: &str, kind, message: &str| Cause {
            component: component.to_owned(),
            kind,
            message: message.to_owned(),
        };
        let mut causes = Vec::new();
        match &self.reason {
            Reason::CriticalTask { name, how } => {
                causes.push(cause(name, CauseKind::Ended, how));
            }
            Reason::MainFailed(error) => causes.push(cause("main", CauseKind::Failed, error)),
            Reason::MainPanicked(message) => {
                causes.push(cause("main", CauseKind::Panicked, message));
            }
            Reason::Signal(_) | Reason::Requested(_) | Reason::Exit(_) | Reason::MainReturned => {}
        }
        let began_it = matches!(self.reason, Reason::MainFailed(_) | Reason::MainPanicked(_));
        // It had begun to stop before, and the exit code is `main`'s all the same.
        if let Some((kind, message)) = self.main_fault.as_ref().filter(|_| !began_it) {
            causes.push(cause("main", *kind, message));
        }
        causes.extend(self.leaves().filter_map(StepReport::cause));
        if self.omitted_unclean > 0 {
            let message = format!("{} more did not close", self.omitted_unclean);
            causes.push(cause("steps", CauseKind::LeftBehind, &message));
        }
        if self.leaks_are_unclean && self.leaked_tasks > 0 {
            let message = format!("{} were alive that nobody waited for", self.leaked_tasks);
            causes.push(cause("tasks", CauseKind::LeftBehind, &message));
        }
        for left in &self.left_behind {
            let kind = match (left.component, left.blocked) {
                (_, true) => CauseKind::Blocked,
                ("main", false) if self.forced_by.is_some() => CauseKind::StillRunning,
                ("main", false) => CauseKind::TimedOut,
                _ => CauseKind::LeftBehind,
            };
            // One that overran, and then proved to block its thread, is one cause.
            causes.retain(|before| {
                before.component != left.component || before.kind != CauseKind::TimedOut
            });
            causes.push(cause(left.component, kind, &left.what));
        }
        causes
    }

    /// `queue timed_out, db failed`
    pub(crate) fn causes_in_words(&self) -> String {
        let words = |cause: &Cause| format!("{} {}", cause.component, cause.kind);
        let causes: Vec<_> = self.causes().iter().map(words).collect();
        causes.join(", ")
    }
}

impl StepReport {
    fn cause(&self) -> Option<Cause> {
        let kind = match &self.outcome {
            Outcome::Closed | Outcome::Skipped => return None,
            _ if self.blocked => CauseKind::Blocked,
            Outcome::Failed(_) => CauseKind::Failed,
            Outcome::Panicked(_) => CauseKind::Panicked,
            Outcome::TimedOut => CauseKind::TimedOut,
            Outcome::Forced(_) => CauseKind::Forced,
            Outcome::NotStarted => CauseKind::NotStarted,
            Outcome::Running => CauseKind::StillRunning,
        };
        let told = self.outcome.message().map(str::to_owned);
        let told = told.or_else(|| self.note.clone());
        let told = told.or_else(|| self.progress.clone());
        let thread = || self.thread.as_ref().map(ToString::to_string);
        Some(Cause {
            component: self.name.clone(),
            kind,
            message: told.or_else(thread).unwrap_or_default(),
        })
    }
}
