//! Says what happens, on a thread of its own: a subscriber is user code, and a pipe may be full.

use crate::board::Observer;
use crate::outcome::Outcome;
use crate::reason::{Reason, Signal};
use crate::report::Report;
use std::io::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock, mpsc};
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
    /// Answered once everything before it has been said.
    Flush(mpsc::SyncSender<()>),
    /// Nothing more will be said.
    Over,
}

/// Whom notices are handed to. Its thread starts with the first one.
#[derive(Default)]
pub(crate) struct Narrator {
    sender: OnceLock<Option<mpsc::Sender<Notice>>>,
    /// How much has not been said yet. Relaxed, with the channel's own ordering: at worst somebody
    /// waits for a thread that has just finished.
    unsaid: Arc<AtomicUsize>,
}

impl Narrator {
    pub(crate) fn say(&self, notice: Notice) {
        let sender = self.sender.get_or_init(|| {
            let (sender, notices) = mpsc::channel();
            let unsaid = self.unsaid.clone();
            let thread = std::thread::Builder::new().name("graceful-log".to_owned());
            let started = thread.spawn(move || {
                for notice in notices
                    .into_iter()
                    .take_while(|n| !matches!(n, Notice::Over))
                {
                    tell_apart(notice);
                    unsaid.fetch_sub(1, Ordering::Relaxed);
                }
            });
            started.is_ok().then_some(sender)
        });
        // Where no thread is to be had, or it is gone, there is nothing left to say it with.
        if let Some(sender) = sender {
            self.unsaid.fetch_add(1, Ordering::Relaxed);
            drop(sender.send(notice));
        }
    }

    /// Sends the thread home, where there is one.
    pub(crate) fn finish(&self) {
        if self.sender.get().is_some() {
            self.say(Notice::Over);
        }
    }

    /// Waits until everything has been said, but not longer than `limit`.
    pub(crate) fn flush(&self, limit: Duration) {
        if self.unsaid.load(Ordering::Relaxed) == 0 {
            return;
        }
        let (done, is_done) = mpsc::sync_channel(1);
        self.say(Notice::Flush(done));
        // Whoever does not get through in time is not waited for.
        let _ = is_done.recv_timeout(limit);
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
            let (running, left) = (running.join(", "), remaining.as_secs_f64());
            let words = format!("still waiting for {running}; {left:.1} s are left");
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
        // Whoever asked may have given up.
        Notice::Flush(done) => drop(done.send(())),
        Notice::Over => {}
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
        format!(", still serving for {}", humantime::format_duration(delay))
    };
    let budget = humantime::format_duration(budget);
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
    drop(writeln!(std::io::stderr().lock(), "graceful: {text}"));
}
