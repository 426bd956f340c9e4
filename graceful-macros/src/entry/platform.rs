//! Whether the stop is over before the platform kills.

use crate::duration::{Parts, written};
use crate::entry::options::{DEFAULT_TIMEOUT, Options};
use crate::error::{Errors, text};
use crate::value::Limit;

/// Durations that leave each other no time.
pub(crate) fn check(options: &Options, errors: &mut Errors) {
    let nanos = |limit: &Option<Limit>| limit.as_ref().map_or(0, |limit| limit.parts.nanos());
    let timeout = match &options.timeout {
        Some(timeout) => timeout.parts.nanos(),
        None => DEFAULT_TIMEOUT.nanos(),
    };
    if let Some(delay) = &options.delay {
        if delay.parts.nanos() >= timeout {
            let text =
                text::no_time_left("delay", &words(delay.parts), "timeout", &written(timeout));
            errors.push(&delay.tokens, &text);
        }
    }
    let (grace, pre_stop) = match (&options.grace, &options.pre_stop) {
        (Some(grace), _) => (grace, nanos(&options.pre_stop)),
        (None, Some(pre_stop)) => return errors.push(&pre_stop.tokens, text::PRE_STOP_ALONE),
        (None, None) => return,
    };
    let given = grace.parts.nanos();
    if let (Some(hook), true) = (&options.pre_stop, pre_stop >= given) {
        let text = text::no_time_left("pre_stop", &words(hook.parts), "grace", &words(grace.parts));
        errors.push(&hook.tokens, &text);
    } else if timeout + pre_stop > given {
        let left = given - pre_stop;
        let mut sum = words(grace.parts);
        if pre_stop > 0 {
            sum = format!("{sum} - {} = {}", written(pre_stop), written(left));
        }
        let text = text::killed(
            &written(timeout),
            options.timeout.is_none(),
            &sum,
            &written(left),
        );
        let culprit = options.timeout.as_ref().unwrap_or(grace);
        errors.push(&culprit.tokens, &text);
    }
}

fn words(parts: Parts) -> String {
    written(parts.nanos())
}
