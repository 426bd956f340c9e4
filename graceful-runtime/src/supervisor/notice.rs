//! What there is to say of a stop, and in which words.

use crate::duration::Written;
use crate::log::{self, Fields};
use crate::outcome::Outcome;
use crate::reason::{Reason, Signal};
use crate::report::Report;
use crate::words::{Seconds, split_line};
use std::io::Write as _;
use std::sync::Arc;
use std::time::Duration;
use tracing::field::display;
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

impl Notice {
    /// Says it: through `tracing`, or to standard error.
    pub(super) fn tell(self) {
        match self {
            Self::Began {
                reason,
                closes,
                budget,
                delay,
                takes_signals,
            } => tell_beginning(&reason, &closes, budget, delay, takes_signals),
            Self::StepBegan { name, limit } => {
                log::info(
                    &Fields {
                        step: Some(&display(&name)),
                        limit: Some(&display(rounded(limit))),
                        ..Fields::default()
                    },
                    &format!("closing {name}"),
                );
            }
            Self::StepEnded {
                name,
                outcome,
                took,
            } => {
                let log = info_or_error(outcome.is_clean());
                log(
                    &Fields {
                        step: Some(&display(&name)),
                        took: Some(&display(rounded(took))),
                        status: Some(&outcome.word()),
                        ..Fields::default()
                    },
                    &format!("{name}: {outcome}"),
                );
            }
            Self::Waiting {
                running,
                remaining,
                to_stderr,
            } => {
                let (running, left) = (running.join(", "), Seconds(remaining, 1));
                let words = format!("still waiting for {running}; {left} are left");
                let remaining = display(rounded(remaining));
                let fields = Fields {
                    remaining: Some(&remaining),
                    ..Fields::default()
                };
                log_or_print(log::warn, &fields, &words, to_stderr);
            }
            Self::AlreadyStopping(signal) => {
                let words = format!("{signal}: already stopping; once more forces the exit");
                let signal = display(signal);
                let fields = Fields {
                    signal: Some(&signal),
                    ..Fields::default()
                };
                log_or_print(log::warn, &fields, &words, true);
            }
            Self::Forced(signal) => {
                let number = display(signal);
                let fields = Fields {
                    signal: Some(&number),
                    ..Fields::default()
                };
                let words = format!("a second signal, {signal}: the exit is forced");
                log::error(&fields, &words);
            }
            Self::Ended { report, to_stderr } => tell_end(&report, to_stderr),
        }
    }
}

type Log = fn(&Fields<'_>, &str);

fn info_or_error(is_clean: bool) -> Log {
    if is_clean { log::info } else { log::error }
}

/// Where nobody listens it goes to standard error, if it is `news` there.
fn log_or_print(log: Log, fields: &Fields<'_>, words: &str, news: bool) {
    // Whether this thread has a subscriber: one that is set for a scope of the program is not heard here.
    if tracing::dispatcher::get_default(|listener| !listener.is::<NoSubscriber>()) {
        log(fields, words);
    } else if news {
        to_stderr(words);
    }
}

fn tell_beginning(
    reason: &Reason,
    closes: &[String],
    budget: Duration,
    delay: Duration,
    takes_signals: bool,
) {
    let (budget, delay) = (
        Written(budget),
        (!delay.is_zero()).then_some(Written(delay)),
    );
    let mut words = began(reason, closes, &budget, delay.as_ref());
    if takes_signals {
        words.push_str(match reason {
            Reason::Signal(Signal::Interrupt) => "; Ctrl-C again forces the exit",
            _ => "; a second signal forces the exit",
        });
    }
    let (budget, delay) = (display(budget), delay.map(display));
    let (cause, steps) = (format!("{reason}"), closes.len());
    let fields = Fields {
        reason: Some(&cause),
        steps: Some(&steps),
        budget: Some(&budget),
        delay: Some(&delay),
        ..Fields::default()
    };
    // Where `main` has come to its end, only what is slow is news.
    let news = takes_signals && *reason != Reason::MainReturned;
    log_or_print(log::info, &fields, &words, news);
}

/// `stopping after SIGTERM: closing http, db (25s at most, still serving for 5s)`
fn began(reason: &Reason, closes: &[String], budget: &Written, delay: Option<&Written>) -> String {
    let closes = match closes {
        [] => String::new(),
        closes => format!(": closing {}", closes.join(", ")),
    };
    let delay = match delay {
        Some(delay) => format!(", still serving for {delay}"),
        None => String::new(),
    };
    format!("stopping after {reason}{closes} ({budget} at most{delay})")
}

fn tell_end(report: &Report, on_stderr: bool) {
    let words = format!("{report}");
    let log = info_or_error(report.is_clean());
    let total = display(rounded(report.total));
    // A line of the timeline is a line of the log; the first one has what a machine asks for.
    let mut fields = Fields {
        total: Some(&total),
        exit_code: Some(&report.exit_code),
        ..Fields::default()
    };
    let mut rest = words.as_str();
    while !rest.is_empty() {
        let (line, behind) = split_line(rest);
        log(&fields, line);
        (fields, rest) = (Fields::default(), behind);
    }
    if on_stderr {
        to_stderr(&words);
    }
}

/// As much of a duration as a person reads: milliseconds, or microseconds of what is shorter.
fn rounded(duration: Duration) -> Written {
    let unit: u32 = if duration < Duration::from_millis(10) {
        1_000
    } else {
        1_000_000
    };
    let rounded = (duration.subsec_nanos() + unit / 2) / unit * unit;
    Written(Duration::from_secs(duration.as_secs()) + Duration::from_nanos(rounded.into()))
}

/// Whether or not anybody reads it: a closed standard error is no reason to fail.
pub(crate) fn to_stderr(text: &str) {
    // In one piece: others may write to it too.
    let line = format!("graceful: {text}\n");
    drop(std::io::stderr().write_all(line.as_bytes()));
}
