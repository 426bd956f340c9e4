//! Events for `tracing`: one callsite for each level, with every field that there is. Lines for whoever reads standard error.

use crate::thread;
use std::io::Write as _;
use std::time::Duration;
use tracing::level_filters::LevelFilter;

/// What a machine reads beside the words; what is `None` is not recorded. Times are milliseconds.
#[derive(Default)]
pub(crate) struct Fields<'a> {
    pub(crate) reason: Option<&'a str>,
    pub(crate) steps: Option<usize>,
    pub(crate) budget: Option<Duration>,
    pub(crate) delay: Option<Duration>,
    pub(crate) step: Option<&'a str>,
    pub(crate) limit: Option<Duration>,
    pub(crate) took: Option<Duration>,
    pub(crate) status: Option<&'static str>,
    pub(crate) error: Option<&'a str>,
    pub(crate) last_word: Option<&'a str>,
    pub(crate) in_flight: Option<usize>,
    pub(crate) remaining: Option<Duration>,
    pub(crate) signal: Option<&'static str>,
    pub(crate) total: Option<Duration>,
    pub(crate) causes: Option<&'a str>,
    pub(crate) exit_code: Option<u8>,
}

/// To a microsecond: a number that can be graphed.
fn ms(duration: Option<Duration>) -> Option<f64> {
    duration.map(|duration| (duration.as_secs_f64() * 1e6).round() / 1e3)
}

macro_rules! levels {
    ($($level:ident)*) => {$(
        pub(crate) fn $level(fields: &Fields<'_>, words: &str) {
            tracing::$level!(
                target: "graceful",
                reason = fields.reason,
                steps = fields.steps,
                budget_ms = ms(fields.budget),
                delay_ms = ms(fields.delay),
                step = fields.step.map(tracing::field::display),
                limit_ms = ms(fields.limit),
                took_ms = ms(fields.took),
                status = fields.status,
                error = fields.error,
                last_word = fields.last_word,
                in_flight = fields.in_flight,
                remaining_ms = ms(fields.remaining),
                signal = fields.signal.map(tracing::field::display),
                total_ms = ms(fields.total),
                causes = fields.causes,
                exit_code = fields.exit_code,
                "{words}"
            );
        }
    )*};
}

levels! { debug info warn error }

/// Whether anybody may take what [`debug`] says: one load, where nobody does.
pub(crate) fn may_debug() -> bool {
    LevelFilter::current() >= LevelFilter::DEBUG
}

/// Whether somebody takes what [`info`] says, or what [`error`] does.
pub(crate) fn is_enabled(info: bool) -> bool {
    if info {
        tracing::enabled!(target: "graceful", tracing::Level::INFO)
    } else {
        tracing::enabled!(target: "graceful", tracing::Level::ERROR)
    }
}

/// Whether or not anybody reads it: a closed standard error is no reason to fail.
pub(crate) fn to_stderr(text: &str) {
    // In one piece: others may write to it too.
    let line = format!("graceful: {text}\n");
    drop(std::io::stderr().write_all(line.as_bytes()));
}

/// How long a line is waited for that may have no reader.
const READ_WITHIN: Duration = Duration::from_millis(50);

/// The same from a thread that has the end of the process to see to: where nobody reads, it blocks.
pub(crate) fn to_stderr_beside(lines: Vec<String>) {
    let tell = move || lines.iter().for_each(|line| to_stderr(line));
    // Where no thread is to be had it is not said: whoever is here has no time to be blocked.
    drop(thread::run_within(
        READ_WITHIN,
        "graceful-stderr",
        Box::new(tell),
    ));
}
