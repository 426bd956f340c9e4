//! Events for `tracing`: one callsite for each level, since each that a program has costs it a kilobyte.

use tracing::Value;

/// What a machine reads beside the words; what is `None` is not recorded.
#[derive(Default)]
pub(crate) struct Fields<'a> {
    pub(crate) reason: Option<&'a dyn Value>,
    pub(crate) steps: Option<&'a dyn Value>,
    pub(crate) budget: Option<&'a dyn Value>,
    pub(crate) delay: Option<&'a dyn Value>,
    pub(crate) step: Option<&'a dyn Value>,
    pub(crate) limit: Option<&'a dyn Value>,
    pub(crate) took: Option<&'a dyn Value>,
    pub(crate) status: Option<&'a dyn Value>,
    pub(crate) remaining: Option<&'a dyn Value>,
    pub(crate) signal: Option<&'a dyn Value>,
    pub(crate) total: Option<&'a dyn Value>,
    pub(crate) exit_code: Option<&'a dyn Value>,
}

macro_rules! levels {
    ($($level:ident)*) => {$(
        pub(crate) fn $level(fields: &Fields<'_>, words: &str) {
            let &Fields {
                reason, steps, budget, delay, step, limit, took, status, remaining, signal, total, exit_code,
            } = fields;
            tracing::$level!(
                target: "graceful",
                reason, steps, budget, delay, step, limit, took, status, remaining, signal, total, exit_code,
                "{words}"
            );
        }
    )*};
}

levels! { info warn error }
