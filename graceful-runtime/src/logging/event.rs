//! What there is to say of a stop, and with which fields.

use super::outputs::outputs_are_one;
use super::words::{began, step_ended, still_waiting, what_forces_the_exit};
use crate::format::{OneLine, Seconds};
use crate::log::{self, Fields, to_stderr};
use crate::outcome::Outcome;
use crate::reason::{Reason, Signal};
use crate::report::{Ends, Report};
use crate::step_state::StepState;
use std::io::IsTerminal as _;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::time::Instant;
use tracing::subscriber::NoSubscriber;

/// What began a moment ago is not waited for yet.
const A_WHILE: Duration = Duration::from_secs(1);

/// What there is to say.
pub(crate) enum LogEvent {
    Began {
        reason: Arc<Reason>,
        closes: Vec<String>,
        /// How many there are beside those.
        more: usize,
        budget: Duration,
        delay: Duration,
        /// Whether signals are taken: else a host owns them, and standard error too.
        takes_signals: bool,
    },
    StepBegan {
        step: Arc<StepState>,
        limit: Duration,
    },
    /// It was polled, and did not end.
    StepWaits(Arc<StepState>),
    /// What it holds is waited for, to be dropped.
    StepCut {
        step: Arc<StepState>,
        at_most: Duration,
    },
    StepEnded {
        step: Arc<StepState>,
        outcome: Outcome,
        took: Duration,
    },
    /// Something else than a step is waited for.
    Waits {
        what: &'static str,
        at_most: Duration,
    },
    /// Steps are still waited for, or, before them, the body of `main`.
    Waiting {
        steps: Option<Arc<StepState>>,
        now: Instant,
        /// Of the stop.
        age: Duration,
        remaining: Duration,
        /// Where nobody listens.
        to_stderr: bool,
    },
    /// What becomes of the body of `main`, where it is not left to end by itself.
    OfMain(String),
    /// A signal came while a stop was on its way that no signal began.
    AlreadyStopping(Signal),
    Forced(Signal),
    Ended {
        report: Arc<Report>,
        /// Set when standard error has it, where it is to: at the deadline two may come to write it.
        on_stderr: Option<Arc<OnceLock<()>>>,
    },
}

impl LogEvent {
    /// Says it: through `tracing`, or to standard error.
    pub(super) fn tell(&self) {
        let (cause, last_word);
        let mut fields = Fields::default();
        // Whether it goes to standard error where nobody listens.
        let mut news = false;
        let (log, words): (Log, String) = match self {
            Self::Began {
                reason,
                closes,
                more,
                budget,
                delay,
                takes_signals,
            } => {
                cause = format!("{reason}");
                fields.reason = Some(&cause);
                fields.steps = Some(closes.len() + more);
                fields.budget = Some(*budget);
                fields.delay = (!delay.is_zero()).then_some(*delay);
                // Where `main` has come to its end, only what is slow is news.
                news = *takes_signals && **reason != Reason::MainReturned;
                let mut words = began(reason, closes, *more, *budget, *delay);
                if *takes_signals {
                    words += what_forces_the_exit(reason);
                }
                (log::info, words)
            }
            Self::StepBegan { step, limit } => {
                let name = step.name();
                fields.step = Some(name);
                fields.limit = Some(*limit);
                (log::info, format!("closing {name}"))
            }
            Self::StepWaits(step) => return tell_poll(step),
            Self::StepCut { step, at_most } => {
                let what = format!("what {} holds to be dropped", step.name());
                return tell_wait(Some(step.name()), &what, *at_most);
            }
            Self::Waits { what, at_most } => return tell_wait(None, what, *at_most),
            Self::StepEnded {
                step,
                outcome,
                took,
            } => {
                last_word = step.progress();
                fields = step_ended_fields(step, outcome, *took, last_word.as_deref());
                (info_or_error(outcome.is_clean()), step_ended(step, outcome))
            }
            Self::Waiting {
                steps,
                now,
                age,
                remaining,
                to_stderr,
            } => {
                let running = match steps {
                    Some(steps) => steps.running(*now, A_WHILE),
                    None => vec![format!("`main` for {}", Seconds(*age, 1))],
                };
                if running.is_empty() {
                    return;
                }
                fields.remaining = Some(*remaining);
                news = *to_stderr;
                (log::warn, still_waiting(&running, *remaining))
            }
            Self::OfMain(words) => {
                news = true;
                (log::warn, words.clone())
            }
            Self::AlreadyStopping(signal) => {
                fields.signal = Some(signal.name());
                news = true;
                (
                    log::warn,
                    format!("{signal}: already closing; once more forces the exit"),
                )
            }
            Self::Forced(signal) => {
                fields.signal = Some(signal.name());
                (
                    log::error,
                    format!("a second signal, {signal}: the exit is forced"),
                )
            }
            Self::Ended { report, on_stderr } => {
                return tell_end(report, on_stderr.as_deref());
            }
        };
        let words = OneLine(words).to_string();
        if somebody_listens() {
            log(&fields, &words);
        } else if news {
            to_stderr(&words);
        }
    }
}

/// Whether this thread has a subscriber: one that is set for a scope of the program is not heard here. Without one `tracing`
/// may hand its events on to a logger of `log`, which may write to standard error too.
fn somebody_listens() -> bool {
    tracing::dispatcher::get_default(|listener| !listener.is::<NoSubscriber>())
}

type Log = fn(&Fields<'_>, &str);

fn info_or_error(is_clean: bool) -> Log {
    if is_clean { log::info } else { log::error }
}

fn step_ended_fields<'a>(
    step: &'a StepState,
    outcome: &'a Outcome,
    took: Duration,
    last_word: Option<&'a str>,
) -> Fields<'a> {
    let is_left = !outcome.is_clean();
    Fields {
        step: Some(step.name()),
        took: Some(took),
        status: Some(outcome.as_str()),
        error: outcome.message(),
        last_word: last_word.filter(|_| is_left),
        in_flight: step.in_flight().filter(|_| is_left),
        ..Fields::default()
    }
}

/// For whoever looks closely: `outbox waits (sent 3 of 10), polled 4 times`.
fn tell_poll(step: &StepState) {
    let (name, last_word) = (step.name(), step.progress());
    let fields = Fields {
        step: Some(name),
        last_word: last_word.as_deref(),
        in_flight: step.in_flight(),
        ..Fields::default()
    };
    let known = last_word.as_ref().map(|word| format!(" ({word})"));
    let known = known.unwrap_or_default();
    let polled = match step.take_polls() {
        1 => "once".to_owned(),
        polls => format!("{polls} times"),
    };
    log::debug(&fields, &format!("{name} waits{known}, polled {polled}"));
}

fn tell_wait(step: Option<&str>, what: &str, at_most: Duration) {
    let fields = Fields {
        step,
        limit: Some(at_most),
        ..Fields::default()
    };
    let at_most = Seconds(at_most, 3);
    log::debug(&fields, &format!("waiting for {what} ({at_most} at most)"));
}

/// One event for the whole: the timeline is its message, and what a machine asks for its fields.
fn tell_end(report: &Report, on_stderr: Option<&OnceLock<()>>) {
    let words = format!("{report}");
    let (reason, causes) = (format!("{}", report.reason), report.causes_in_words());
    let is_clean = report.is_clean();
    let fields = Fields {
        reason: Some(&reason),
        budget: Some(report.budget),
        total: Some(report.total),
        status: Some(if is_clean { "clean" } else { "unclean" }),
        causes: (!causes.is_empty()).then_some(&causes),
        exit_code: (report.ends != Ends::Part).then_some(report.exit_code),
        ..Fields::default()
    };
    if somebody_listens() {
        info_or_error(is_clean)(&fields, &words);
    }
    // Who reads both streams has read it, unless a filter kept it back.
    let is_read = log::is_enabled(is_clean) && outputs_are_one();
    if let (Some(on_stderr), false) = (on_stderr, is_read) {
        on_stderr.get_or_init(|| report_to_stderr(report));
    }
}

/// In colours where a person reads it at a terminal: <https://no-color.org>.
pub(crate) fn report_to_stderr(report: &Report) {
    let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let is_dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    let text = if std::io::stderr().is_terminal() && !is_set("NO_COLOR") && !is_dumb {
        format!("{}", report.colored())
    } else {
        format!("{report}")
    };
    to_stderr(&text);
}
