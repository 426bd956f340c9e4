//! Events for `tracing`: one callsite for each level, since each that a program has costs it a kilobyte. Lines for whoever
//! reads standard error.

use crate::duration::Written;
use std::io::Write as _;

/// What a machine reads beside the words; what is `None` is not recorded.
#[derive(Default)]
pub(crate) struct Fields<'a> {
    pub(crate) reason: Option<&'a str>,
    pub(crate) steps: Option<usize>,
    pub(crate) budget: Option<Written>,
    pub(crate) delay: Option<Written>,
    pub(crate) step: Option<&'a str>,
    pub(crate) limit: Option<Written>,
    pub(crate) took: Option<Written>,
    pub(crate) status: Option<&'static str>,
    pub(crate) remaining: Option<Written>,
    pub(crate) signal: Option<&'static str>,
    pub(crate) total: Option<Written>,
    pub(crate) exit_code: Option<u8>,
}

macro_rules! levels {
    ($($level:ident)*) => {$(
        pub(crate) fn $level(fields: &Fields<'_>, words: &str) {
            tracing::$level!(
                target: "graceful",
                reason = fields.reason,
                steps = fields.steps,
                budget = fields.budget.as_ref().map(tracing::field::display),
                delay = fields.delay.as_ref().map(tracing::field::display),
                step = fields.step.map(tracing::field::display),
                limit = fields.limit.as_ref().map(tracing::field::display),
                took = fields.took.as_ref().map(tracing::field::display),
                status = fields.status,
                remaining = fields.remaining.as_ref().map(tracing::field::display),
                signal = fields.signal.map(tracing::field::display),
                total = fields.total.as_ref().map(tracing::field::display),
                exit_code = fields.exit_code,
                "{words}"
            );
        }
    )*};
}

levels! { info warn error }

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
