//! What happened.

mod cause;
mod causes;
#[cfg(feature = "serde")]
mod json;
mod timeline;

pub use cause::{Cause, CauseKind, LeftBehind};

use crate::outcome::Outcome;
use crate::reason::{Reason, Signal};
use crate::thread_state::ThreadState;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// The exit code where the total deadline ended the process.
pub(crate) const FORCED_BY_DEADLINE: u8 = 124;

/// What happened between the moment the stop began and its end.
///
/// Printed it is a timeline that a person reads at a glance, [`colored`](Report::colored) for a terminal. With the
/// feature `serde` it serializes to JSON: times are milliseconds (`took_ms`), and [`causes`](Report::causes) says what
/// went wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct Report {
    /// Why the stop began.
    pub reason: Reason,
    /// The second signal, which cut it.
    pub forced_by: Option<Signal>,
    /// When it began, by the machine's calendar.
    pub began_at: SystemTime,
    /// How long it could take at most.
    pub budget: Duration,
    /// How long it took: to the end of the process, as far as that was known when this was written.
    pub total: Duration,
    /// Every step, in the order in which they were to begin.
    pub steps: Vec<StepReport>,
    /// How many steps more there were than a process has time to write down at its end: 10,000, or 1,000 where its exit is
    /// forced.
    pub omitted_steps: usize,
    /// How many of those did not close.
    pub omitted_unclean: usize,
    /// What was waited for before the closes, in words: the [shielded](crate::shield) sections of `main`.
    pub waited_for: Vec<String>,
    /// What the end had to leave behind: a blocked worker, a `main` that did not return.
    pub left_behind: Vec<LeftBehind>,
    /// How many tasks of the process's runtime were still alive when everything had been closed, and were cut with it:
    /// nobody waited for them. Not counted in a test's or a host's runtime, and where the runtime did not answer.
    pub leaked_tasks: usize,
    /// Whether `main` had been given time to end by itself, and had to be dropped.
    pub main_overran: bool,
    /// Whether `main` returns no state, showed no sign of having heard of the stop, and was dropped where it was.
    pub main_dropped: bool,
    /// The most closing threads, where that many were blocked at once, and closes waited for one.
    pub closing_threads_exhausted: Option<usize>,
    /// Whether the total deadline cut it.
    pub deadline_passed: bool,
    /// Whether it was a test in paused time, whose clock knows of nothing outside of its runtime.
    pub in_paused_time: bool,
    /// The code that stands for all this, by the first row that fits:
    ///
    /// | code | when |
    /// | --- | --- |
    /// | 2 | limits from the environment did not fit a state that was handed over |
    /// | 128 + n | a second signal forced the exit: 130 after SIGINT, 143 after SIGTERM |
    /// | `main`'s own | it panicked (101), failed (1), returned a code, or [`exit`](crate::exit) was called |
    /// | 124 | the total deadline cut the stop |
    /// | 1 | a step did not close in time, or a critical task ended |
    /// | 128 + n | a `main` that returns no state was [dropped](Report::main_dropped) |
    /// | 0 | everything closed |
    ///
    /// A process whose `main` it is about ends with it; where a function or a host goes on, that is up to them, and the
    /// printed report does not name it.
    pub exit_code: u8,
    /// What went wrong beside the closes, also where that is not the reason.
    pub(crate) faults: Vec<Cause>,
    /// Whether a task that nobody waited for makes it unclean.
    pub(crate) leaks_are_unclean: bool,
    pub(crate) ends: Ends,
}

/// What ends with a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ends {
    /// The process, with the report's exit code.
    Process,
    /// The process, of the signal that stopped it, which a shell shows as that code.
    OfSignal(Signal),
    /// A function or a service inside a process that goes on.
    Part,
}

/// What happened to one step.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StepReport {
    /// The dotted path of the field.
    pub name: String,
    /// How it ended.
    pub outcome: Outcome,
    /// The limit that it declared.
    pub timeout: Option<Duration>,
    /// How long it could take: its own limit, or what the others left of the whole. Nothing, where it never began.
    pub limit: Option<Duration>,
    /// When it began, from the beginning of the stop.
    pub started: Option<Duration>,
    /// How long it took.
    pub took: Duration,
    /// What it last said of its progress.
    pub progress: Option<String>,
    /// What it has to say that stands however it ended.
    pub note: Option<String>,
    /// How much work was in flight when it was last asked: of a [`Drain`](crate::Drain) that counts.
    pub in_flight: Option<usize>,
    /// Whether it was cut at its limit and still has its thread: it blocks, in its `Drop` or elsewhere.
    pub blocked: bool,
    /// The thread that it has and does not give back, where it is blocked or still runs, and the system tells.
    pub thread: Option<ThreadState>,
    /// Its own steps.
    pub steps: Vec<StepReport>,
}

impl Report {
    /// Whether everything closed, on time. A `main` that failed may have a clean stop: what there is to look at is in
    /// [`causes`](Report::causes).
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.forced_by.is_none()
            && !self.deadline_passed
            && !self.main_overran
            && self.omitted_unclean == 0
            && !(self.leaks_are_unclean && self.leaked_tasks > 0)
            && self.steps.iter().all(StepReport::is_clean)
    }

    /// Nothing, where it [is clean](Report::is_clean), or an error that is shown as the report.
    ///
    /// ```
    /// # #[tokio::main] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use std::time::Duration;
    /// let service = graceful::Embedded::new();
    /// service.run(tokio::spawn(service.handle().requested()));
    /// // … and at the host's end:
    /// service.stop(Duration::from_secs(5)).await.into_result()?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// If anything did not close on time.
    pub fn into_result(self: Arc<Self>) -> Result<(), ShutdownError> {
        if self.is_clean() {
            Ok(())
        } else {
            Err(ShutdownError(self))
        }
    }

    /// The steps without steps of their own, in order.
    pub fn leaves(&self) -> impl Iterator<Item = &StepReport> {
        fn collect<'a>(steps: &'a [StepReport], leaves: &mut Vec<&'a StepReport>) {
            for step in steps {
                if step.is_leaf() {
                    leaves.push(step);
                } else {
                    collect(&step.steps, leaves);
                }
            }
        }
        let mut leaves = Vec::new();
        collect(&self.steps, &mut leaves);
        leaves.into_iter()
    }

    /// The step of this dotted path.
    #[must_use]
    pub fn step(&self, name: &str) -> Option<&StepReport> {
        fn find<'a>(steps: &'a [StepReport], name: &str) -> Option<&'a StepReport> {
            steps.iter().find_map(|step| {
                if step.name == name {
                    Some(step)
                } else {
                    find(&step.steps, name)
                }
            })
        }
        find(&self.steps, name)
    }
}

/// Something did not close on time: from [`Report::into_result`]. It is shown as the report's timeline.
#[derive(Clone, PartialEq, Eq)]
pub struct ShutdownError(Arc<Report>);

impl ShutdownError {
    /// What happened.
    pub fn report(&self) -> &Report {
        &self.0
    }
}

impl fmt::Display for ShutdownError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// As `Display`: it is what a `main` that returns it, and `unwrap`, print.
impl fmt::Debug for ShutdownError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for ShutdownError {}

impl StepReport {
    /// Of a step whose turn never came.
    pub(crate) fn not_started(name: String) -> Self {
        Self {
            name,
            outcome: Outcome::NotStarted,
            timeout: None,
            limit: None,
            started: None,
            took: Duration::ZERO,
            progress: None,
            note: None,
            in_flight: None,
            blocked: false,
            thread: None,
            steps: Vec::new(),
        }
    }

    /// Whether all of its leaves are clean.
    fn is_clean(&self) -> bool {
        if self.is_leaf() {
            self.outcome.is_clean()
        } else {
            self.steps.iter().all(Self::is_clean)
        }
    }

    /// A step whose own steps are all clean, and which failed beside them, speaks for itself.
    fn is_leaf(&self) -> bool {
        self.steps.is_empty()
            || (!self.outcome.is_clean() && self.steps.iter().all(|step| step.outcome.is_clean()))
    }
}
