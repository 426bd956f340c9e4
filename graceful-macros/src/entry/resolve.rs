//! From what was written to what is run: whether the function can be, and whether the options fit together.

use crate::duration;
use crate::entry::ast::Function;
use crate::entry::conflict;
use crate::entry::options::{Flavor, Options};
use crate::error::{Errors, mistake, text};
use crate::keys::Written;
use crate::kind::Kind;
use crate::limit::Limit;
use crate::types::{is_called, parts, ungrouped};
use quote::quote;
use std::time::Duration;
use syn::ext::IdentExt;
use syn::{Error, ReturnType, Safety, Type};

/// What the runtime takes where `timeout` is not set: inside Kubernetes' 30 s.
pub(super) const DEFAULT_TIMEOUT: Duration = Duration::from_secs(25);

/// What becomes of the function.
pub(crate) enum How {
    /// It is `main`, and may return a state.
    Main,
    /// It is `main`, and what it returns holds none: its type stays as it is.
    MainAsWritten,
    /// It has a caller that takes what it returns.
    Function,
    /// It can't be run.
    Refused,
}

/// Whether the program begins here: a method may have the name too.
pub(crate) fn is_main(function: &Function, kind: Kind) -> bool {
    let sig = &function.sig;
    kind == Kind::Main && sig.ident.unraw() == "main" && sig.receiver().is_none()
}

/// `multi_thread` is whether the facade was built with `rt-multi-thread`.
pub(crate) fn resolve(
    function: &mut Function,
    options: &Options,
    kind: Kind,
    multi_thread: bool,
    errors: &mut Errors,
) -> How {
    needs_of_options(function, options, kind, multi_thread, errors);
    durations(options, errors);
    let path = options.path.as_ref().map(|path| &path.value);
    conflict::remove(function, kind, path, errors);
    let mistakes = signature(function, kind);
    let is_main = is_main(function, kind);
    let runs = function.sig.asyncness.is_some() && (mistakes.is_empty() || !is_main);
    for mistake in mistakes {
        errors.push_syn(mistake);
    }
    // Refused already, and rustc would refuse it again.
    if function.sig.asyncness.is_some() {
        function.sig.constness = None;
    }
    match (runs, is_main) {
        (false, _) => How::Refused,
        (true, false) => How::Function,
        (true, true) if is_plain(&function.sig.output) => How::MainAsWritten,
        (true, true) => How::Main,
    }
}

pub(crate) fn flavor(options: &Options, kind: Kind) -> Flavor {
    match (&options.flavor, kind) {
        (Some(flavor), _) => flavor.value,
        (None, Kind::Main) => Flavor::MultiThread,
        (None, Kind::Test) => Flavor::CurrentThread,
    }
}

/// What each option demands of the flavor; without one that was written, the function's name is to blame.
fn needs_of_options(
    function: &Function,
    options: &Options,
    kind: Kind,
    multi_thread: bool,
    errors: &mut Errors,
) {
    let ours = kind.attribute();
    let needs = |option: &str, flavor: &str| text::needs_flavor(option, ours, flavor);
    if flavor(options, kind) != Flavor::MultiThread {
        if let Some(threads) = &options.worker_threads {
            errors.push(&threads.tokens, &needs("worker_threads", "multi_thread"));
        }
        return;
    }
    match &options.flavor {
        _ if multi_thread => {}
        Some(flavor) => errors.push(&flavor.tokens, text::NO_MULTI_THREAD),
        None => errors.push(&function.sig.ident, text::NO_DEFAULT_FLAVOR),
    }
    if let Some(paused) = &options.start_paused {
        errors.push(&paused.tokens, &needs("start_paused", "current_thread"));
    }
    if let Some(policy) = &options.unhandled_panic {
        errors.push(&policy.tokens, &needs("unhandled_panic", "current_thread"));
    }
}

/// Durations that leave each other no time, and a stop that is longer than the platform waits.
fn durations(options: &Options, errors: &mut Errors) {
    if let (None, Some(pre_stop)) = (&options.grace, &options.pre_stop) {
        errors.push(&pre_stop.tokens, text::PRE_STOP_ALONE);
    }
    let known = |limit: &Option<Written<Limit>>, default| match limit {
        Some(limit) => limit.value.known(),
        None => Some(default),
    };
    let all = (
        known(&options.timeout, DEFAULT_TIMEOUT),
        known(&options.delay, Duration::ZERO),
        known(&options.pre_stop, Duration::ZERO),
        known(&options.grace, Duration::MAX),
    );
    // What is in a constant is left to the compiler, and all that it is compared with.
    let (Some(timeout), Some(delay), Some(pre_stop), Some(grace)) = all else {
        return;
    };
    let words = |duration| duration::Written(duration).to_string();
    if let (Some(written), true) = (&options.delay, delay >= timeout) {
        let text = text::no_time_left("delay", &words(delay), "timeout", &words(timeout));
        errors.push(&written.tokens, &text);
    }
    // Of what the delay leaves, half is for the closes.
    let left = timeout.saturating_sub(delay);
    let last_words = known(&options.last_words, Duration::ZERO).unwrap_or_default();
    let too_long = !left.is_zero() && last_words > left / 2;
    if let (Some(written), true) = (&options.last_words, too_long) {
        let text = text::too_long_last_words(&words(last_words), &words(left));
        errors.push(&written.tokens, &text);
    }
    // What the platform waits, less what its hook takes of that, is for the stop.
    let left = grace.saturating_sub(pre_stop);
    if let (Some(written), true) = (&options.pre_stop, left.is_zero()) {
        let text = text::no_time_left("pre_stop", &words(pre_stop), "grace", &words(grace));
        errors.push(&written.tokens, &text);
    } else if let (Some(written), true) = (&options.grace, timeout > left) {
        let (culprit, by_default) = match &options.timeout {
            Some(timeout) => (timeout, ""),
            None => (written, ", the default,"),
        };
        let mut sum = words(grace);
        if !pre_stop.is_zero() {
            sum = format!("{sum} - {} = {}", words(pre_stop), words(left));
        }
        let timeout = words(timeout) + by_default;
        let text = text::killed(&timeout, &sum, &words(left));
        errors.push(&culprit.tokens, &text);
    }
}

/// What the function must be, in the order in which that stands in the source.
fn signature(function: &Function, kind: Kind) -> Vec<Error> {
    let sig = &function.sig;
    let is_main = is_main(function, kind);
    let mut mistakes = Vec::new();
    if let Some(constness) = &sig.constness {
        mistakes.push(mistake(constness, text::CONST));
    }
    if is_main {
        if let Safety::Unsafe(unsafety) = &sig.safety {
            mistakes.push(mistake(unsafety, text::UNSAFE_MAIN));
        }
        if let Some(abi) = &sig.abi {
            mistakes.push(mistake(abi, text::EXTERN_MAIN));
        }
    }
    if sig.asyncness.is_none() {
        mistakes.push(match conflict::expanded(function) {
            Some(other) => {
                let ours = kind.attribute();
                let above = ours.replacen("graceful", other, 1);
                mistake(&sig.fn_token, &text::already_expanded(&above, ours))
            }
            None => mistake(&sig.fn_token, text::NOT_ASYNC),
        });
    }
    if is_main {
        if !sig.generics.params.is_empty() {
            mistakes.push(mistake(&sig.generics, text::GENERIC_MAIN));
        }
        if !sig.inputs.is_empty() || sig.variadic.is_some() {
            let (inputs, variadic) = (&sig.inputs, &sig.variadic);
            mistakes.push(mistake(&quote!(#inputs #variadic), text::MAIN_ARGUMENTS));
        }
        if let Some(where_clause) = &sig.generics.where_clause {
            mistakes.push(mistake(where_clause, text::WHERE_MAIN));
        }
    }
    mistakes
}

/// Whether a return type holds no state, by its words alone: `()`, `!`, `ExitCode`, or a `Result` of these.
fn is_plain(output: &ReturnType) -> bool {
    let ReturnType::Type(_, ty) = output else {
        return true;
    };
    let is_result = is_called(ty, &["Result"]);
    is_code(ty) || is_never(ty) || (is_result && parts(ty).first().is_some_and(|ty| is_code(ty)))
}

fn is_code(ty: &Type) -> bool {
    match ungrouped(ty) {
        Type::Tuple(tuple) => tuple.elems.is_empty(),
        _ => is_called(ty, &["ExitCode"]),
    }
}

pub(crate) fn is_never(ty: &Type) -> bool {
    matches!(ungrouped(ty), Type::Never(_))
}
