//! Says what happens, on a thread of its own: a subscriber is user code, and a pipe may be full.

use crate::board::Observer;
use crate::duration::Written;
use crate::erased::start_thread;
use crate::outcome::Outcome;
use crate::reason::{Reason, Signal};
use crate::report::Report;
use crate::words::Seconds;
use std::collections::VecDeque;
use std::io::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tracing::subscriber::NoSubscriber;

/// What there is to say.
pub(crate) enum Notice {
    Began {
        reason: Arc<Reason>,
        closes: Vec<String>,
        budget: Duration,
        delay: Duration,
        /// Whether signals are taken: else a host owns them, and standard error too.
        takes_signals: bool,
    },
    StepBegan {
        name: Arc<str>,
        limit: Duration,
    },
    StepEnded {
        name: Arc<str>,
        outcome: Outcome,
        took: Duration,
    },
    Waiting {
        running: Vec<String>,
        remaining: Duration,
        /// Where nobody listens.
        to_stderr: bool,
    },
    /// A signal came while a stop was on its way that no signal began.
    AlreadyStopping(Signal),
    Forced(Signal),
    Ended {
        report: Arc<Report>,
        to_stderr: bool,
    },
}

/// Whom notices are handed to. Its thread is started with the first one, if not before.
#[derive(Default)]
pub(crate) struct Narrator(Arc<Desk>);

#[derive(Default)]
struct Desk {
    // A mutex with conditions: never held while something is said.
    pile: Mutex<Pile>,
    there_is_more: Condvar,
    all_is_said: Condvar,
}

#[derive(Default)]
struct Pile {
    unsaid: VecDeque<Notice>,
    /// One has been taken from the pile, and is being said.
    saying: bool,
    /// Whether there is a thread; `None` before it is started.
    is_attended: Option<bool>,
    over: bool,
}

impl Narrator {
    /// Starts the thread ahead of the first notice.
    pub(crate) fn make_ready(&self) {
        drop(self.0.attended());
    }

    pub(crate) fn say(&self, notice: Notice) {
        self.note(notice);
        self.speak();
    }

    /// Takes a notice, to be said in its turn, but wakes nobody: [`speak`](Narrator::speak) does.
    pub(crate) fn note(&self, notice: Notice) {
        let mut pile = self.0.attended();
        // Where no thread is to be had, or it is gone, there is nothing left to say it with.
        if pile.is_attended == Some(true) && !pile.over {
            pile.unsaid.push_back(notice);
        }
    }

    pub(crate) fn speak(&self) {
        self.0.there_is_more.notify_one();
    }

    /// Sends the thread home, once it has said everything.
    pub(crate) fn finish(&self) {
        self.0.pile().over = true;
        self.speak();
    }

    /// Waits until everything has been said, but not longer than `limit`.
    pub(crate) fn flush(&self, limit: Duration) {
        let pile = self.0.pile();
        let unsaid = |pile: &mut Pile| pile.saying || !pile.unsaid.is_empty();
        // Whoever does not get through in time is not waited for.
        drop(self.0.all_is_said.wait_timeout_while(pile, limit, unsaid));
    }
}

impl Drop for Narrator {
    fn drop(&mut self) {
        self.finish();
    }
}

impl Desk {
    fn pile(&self) -> MutexGuard<'_, Pile> {
        // Nothing is said under the lock, so a poisoned pile is a whole one.
        self.pile.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The pile, once its thread has been started.
    fn attended(self: &Arc<Self>) -> MutexGuard<'_, Pile> {
        let mut pile = self.pile();
        if pile.is_attended.is_none() {
            let desk = self.clone();
            let thread = start_thread("graceful-log", move || desk.attend());
            pile.is_attended = Some(thread.is_ok());
        }
        pile
    }

    fn attend(&self) {
        let mut pile = self.pile();
        loop {
            if let Some(notice) = pile.unsaid.pop_front() {
                pile.saying = true;
                drop(pile);
                tell_apart(notice);
                pile = self.pile();
                pile.saying = false;
                if pile.unsaid.is_empty() {
                    self.all_is_said.notify_all();
                }
            } else if pile.over {
                return;
            } else {
                let more = self.there_is_more.wait(pile);
                pile = more.unwrap_or_else(PoisonError::into_inner);
            }
        }
    }
}

impl Observer for Narrator {
    fn step_began(&self, name: &Arc<str>, limit: Duration) {
        if tracing::dispatcher::has_been_set() {
            let name = name.clone();
            self.say(Notice::StepBegan { name, limit });
        }
    }

    fn step_ended(&self, name: &Arc<str>, outcome: &Outcome, took: Duration) {
        if tracing::dispatcher::has_been_set() {
            let (name, outcome) = (name.clone(), outcome.clone());
            self.say(Notice::StepEnded {
                name,
                outcome,
                took,
            });
        }
    }
}

fn tell_apart(notice: Notice) {
    // A subscriber that panics costs one line, not those behind it.
    drop(catch_unwind(AssertUnwindSafe(|| tell(notice))));
}

fn tell(notice: Notice) {
    match notice {
        Notice::Began {
            reason,
            closes,
            budget,
            delay,
            takes_signals,
        } => {
            let mut words = began(&reason, &closes, budget, delay);
            if takes_signals {
                words.push_str(match *reason {
                    Reason::Signal(Signal::Interrupt) => "; Ctrl-C again forces the exit",
                    _ => "; a second signal forces the exit",
                });
            }
            if is_listened_to() {
                let (reason, steps) = (reason.to_string(), closes.len());
                let delay = (!delay.is_zero()).then(|| tracing::field::debug(delay));
                tracing::info!(target: "graceful", reason, steps, ?budget, delay, "{words}");
            } else if takes_signals && *reason != Reason::MainReturned {
                // Where `main` has come to its end, only what is slow is news.
                to_stderr(&words);
            }
        }
        Notice::StepBegan { name, limit } => {
            let limit = rounded(limit);
            tracing::info!(target: "graceful", step = %name, ?limit, "closing {name}");
        }
        Notice::StepEnded {
            name,
            outcome,
            took,
        } if outcome.is_clean() => {
            let took = rounded(took);
            tracing::info!(target: "graceful", step = %name, ?took, status = outcome.word(), "{name}: {outcome}");
        }
        Notice::StepEnded {
            name,
            outcome,
            took,
        } => {
            let took = rounded(took);
            tracing::error!(target: "graceful", step = %name, ?took, status = outcome.word(), "{name}: {outcome}");
        }
        Notice::Waiting {
            running,
            remaining,
            to_stderr: on_stderr,
        } => {
            let (running, left) = (running.join(", "), Seconds(remaining, 1));
            let words = format!("still waiting for {running}; {left} are left");
            if is_listened_to() {
                let remaining = rounded(remaining);
                tracing::warn!(target: "graceful", ?remaining, "{words}");
            } else if on_stderr {
                to_stderr(&words);
            }
        }
        Notice::AlreadyStopping(signal) => {
            let words = format!("{signal}: already stopping; once more forces the exit");
            if is_listened_to() {
                tracing::warn!(target: "graceful", %signal, "{words}");
            } else {
                to_stderr(&words);
            }
        }
        Notice::Forced(signal) => {
            tracing::error!(target: "graceful", %signal, "a second signal, {signal}: the exit is forced");
        }
        Notice::Ended {
            report,
            to_stderr: on_stderr,
        } => {
            let words = report.to_string();
            let (total, exit_code) = (rounded(report.total), report.exit_code);
            // A line of the timeline is a line of the log; the first one has what a machine asks for.
            let mut lines = words.lines();
            let first = lines.next().unwrap_or_default();
            if report.is_clean() {
                tracing::info!(target: "graceful", ?total, exit_code, "{first}");
                lines.for_each(|line| tracing::info!(target: "graceful", "{line}"));
            } else {
                tracing::error!(target: "graceful", ?total, exit_code, "{first}");
                lines.for_each(|line| tracing::error!(target: "graceful", "{line}"));
            }
            if on_stderr {
                to_stderr(&words);
            }
        }
    }
}

/// `stopping after SIGTERM: closing http, db (25s at most, still serving for 5s)`
fn began(reason: &Reason, closes: &[String], budget: Duration, delay: Duration) -> String {
    let closes = match closes {
        [] => String::new(),
        closes => format!(": closing {}", closes.join(", ")),
    };
    let delay = if delay.is_zero() {
        String::new()
    } else {
        format!(", still serving for {}", Written(delay))
    };
    let budget = Written(budget);
    format!("stopping after {reason}{closes} ({budget} at most{delay})")
}

/// Whether this thread has a subscriber: one that is set for a scope of the program is not heard here.
fn is_listened_to() -> bool {
    tracing::dispatcher::get_default(|listener| !listener.is::<NoSubscriber>())
}

/// As much of a duration as a person reads: milliseconds, or microseconds of what is shorter.
fn rounded(duration: Duration) -> Duration {
    let unit: u32 = if duration < Duration::from_millis(10) {
        1_000
    } else {
        1_000_000
    };
    let rounded = (duration.subsec_nanos() + unit / 2) / unit * unit;
    Duration::from_secs(duration.as_secs()) + Duration::from_nanos(rounded.into())
}

/// Whether or not anybody reads it: a closed standard error is no reason to fail.
pub(crate) fn to_stderr(text: &str) {
    // In one piece: others may write to it too.
    let line = format!("graceful: {text}\n");
    drop(std::io::stderr().write_all(line.as_bytes()));
}
