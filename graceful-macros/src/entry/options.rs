//! The options of `#[graceful::main]` and `#[graceful::test]`: those of tokio's attributes, and ours.

use crate::error::{Errors, mistake, text};
use crate::keys::{Given, Place, flag, is_key, keys};
use crate::kind::Kind;
use crate::limit::Limit;
use crate::value::{boolean, choice, crate_path, duration, literal, name, timeout};
use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use syn::{Lit, Path, Result};

keys! {
    Options {
        flavor: Flavor, flavor, "flavor = \"current_thread\"";
        worker_threads: usize, count, "worker_threads = 4";
        start_paused: bool, boolean, "start_paused = true";
        unhandled_panic: Variant, unhandled_panic, "unhandled_panic = \"shutdown_runtime\"";
        name: String, name, "name = \"my-runtime\"";
        path("crate"): Path, crate_path, "crate = \"my_crate::graceful\"";
        timeout: Limit, timeout, "timeout = \"25s\"";
        delay: Limit, duration, "delay = \"5s\"";
        grace: Limit, timeout, "grace = \"30s\"";
        pre_stop: Limit, duration, "pre_stop = \"5s\"";
        blocking_grace: Limit, duration, "blocking_grace = \"1s\"";
        last_words: Limit, timeout, "last_words = \"1s\"";
        signals: Signals, signals, "signals(SIGINT, SIGTERM)";
        report: Variant, report, "report = \"always\"";
        end: Variant, end, "end = \"signal\"";
        report_file: String, name, "report_file = \"/dev/termination-log\"";
        leaked_tasks: Variant, leaked_tasks, "leaked_tasks = \"fail\"";
        listens: bool, boolean, "listens = true";
    }
}

/// What a test has a use for.
const OF_TEST: [&str; 7] = [
    "flavor",
    "worker_threads",
    "start_paused",
    "unhandled_panic",
    "name",
    "crate",
    "timeout",
];

const MAIN: Place = Place {
    noun: "`graceful::main` option",
    takes: |_| true,
    hint: tokio_hint,
    synonyms: &SYNONYMS,
    ignore_case: true,
};

const TEST: Place = Place {
    noun: "`graceful::test` option",
    takes: |name| OF_TEST.contains(&name),
    hint: |word| {
        let of_main = is_key::<Options>(word).then(|| text::option_of_main(word));
        of_main.or_else(|| tokio_hint(word))
    },
    ..MAIN
};

const SYNONYMS: [(&str, &str); 6] = [
    ("deadline", "timeout"),
    ("grace_period", "grace"),
    ("runtime", "flavor"),
    ("shutdown_timeout", "timeout"),
    ("threads", "worker_threads"),
    ("workers", "worker_threads"),
];

impl Options {
    pub(crate) fn parse(arguments: TokenStream, kind: Kind, errors: &mut Errors) -> Self {
        let mut options = Self::default();
        let place = match kind {
            Kind::Main => MAIN,
            Kind::Test => TEST,
        };
        place.read(arguments, &mut options, errors);
        options
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flavor {
    MultiThread,
    CurrentThread,
    Local,
}

fn flavor(given: &Given, _: &mut Errors) -> Result<Flavor> {
    let all = [
        ("multi_thread", Flavor::MultiThread),
        ("current_thread", Flavor::CurrentThread),
        ("local", Flavor::Local),
    ];
    choice(given, &all, |word| {
        former_flavor(word).map(text::renamed_flavor)
    })
}

/// What tokio now calls a flavor that once had another name.
fn former_flavor(word: &str) -> Option<&'static str> {
    match word {
        "threaded_scheduler" => Some("multi_thread"),
        "basic_scheduler" | "single_thread" | "single_threaded" => Some("current_thread"),
        _ => None,
    }
}

fn tokio_hint(word: &str) -> Option<String> {
    match word {
        "core_threads" => Some(text::RENAMED_THREADS.to_owned()),
        // What only tokio's own builder can be told.
        "event_interval"
        | "global_queue_interval"
        | "max_blocking_threads"
        | "max_io_events_per_tick"
        | "thread_keep_alive"
        | "thread_name"
        | "thread_stack_size" => Some(text::of_builder(word)),
        "multi_thread" | "current_thread" | "local" => Some(text::flavor_as_option(word)),
        _ => former_flavor(word).map(text::flavor_as_option),
    }
}

/// At least one, with or without the suffix that `#[tokio::main]` takes.
fn count(given: &Given, _: &mut Errors) -> Result<usize> {
    let expr = given.value()?;
    let Some(Lit::Int(number)) = literal(expr) else {
        return Err(mistake(expr, &text::no_count(given.example)));
    };
    match number.base10_parse() {
        Ok(0) => Err(mistake(expr, text::ZERO_COUNT)),
        Ok(count) => Ok(count),
        Err(_) => Err(mistake(expr, text::COUNT_TOO_LARGE)),
    }
}

/// A variant of an enum of the runtime's.
pub(crate) struct Variant {
    of: &'static str,
    name: &'static str,
}

impl Variant {
    fn read(given: &Given, of: &'static str, all: &[(&'static str, &'static str)]) -> Result<Self> {
        choice(given, all, |_| None).map(|name| Self { of, name })
    }
}

impl ToTokens for Variant {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let (of, name) = (format_ident!("{}", self.of), format_ident!("{}", self.name));
        tokens.extend(quote!(__graceful::#of::#name));
    }
}

fn unhandled_panic(given: &Given, _: &mut Errors) -> Result<Variant> {
    let all = [
        ("ignore", "Ignore"),
        ("shutdown_runtime", "ShutdownRuntime"),
    ];
    Variant::read(given, "UnhandledPanic", &all)
}

fn report(given: &Given, _: &mut Errors) -> Result<Variant> {
    let all = [
        ("always", "Always"),
        ("unclean", "Unclean"),
        ("never", "Never"),
    ];
    Variant::read(given, "ReportWhen", &all)
}

fn leaked_tasks(given: &Given, _: &mut Errors) -> Result<Variant> {
    let all = [("report", "Report"), ("fail", "Fail")];
    Variant::read(given, "LeakedTasks", &all)
}

fn end(given: &Given, _: &mut Errors) -> Result<Variant> {
    let all = [("code", "Code"), ("signal", "Signal")];
    Variant::read(given, "EndBy", &all)
}

keys! {
    #[allow(non_snake_case, reason = "as the system calls them")]
    Signals {
        SIGINT: (), flag, "SIGINT";
        SIGTERM: (), flag, "SIGTERM";
        SIGHUP: (), flag, "SIGHUP";
        SIGQUIT: (), flag, "SIGQUIT";
    }
}

const SIGNALS: Place = Place {
    noun: "signal",
    takes: |_| true,
    hint: |word| match word {
        "SIGKILL" | "SIGSTOP" => Some(text::uncatchable(word)),
        "SIGALRM" | "SIGUSR1" | "SIGUSR2" => Some(text::own_signal(word)),
        _ => None,
    },
    synonyms: &[
        ("CTRL_C", "SIGINT"),
        ("ctrl_c", "SIGINT"),
        ("HUP", "SIGHUP"),
        ("INT", "SIGINT"),
        ("QUIT", "SIGQUIT"),
        ("TERM", "SIGTERM"),
    ],
    ignore_case: false,
};

fn signals(given: &Given, errors: &mut Errors) -> Result<Signals> {
    let mut signals = Signals::default();
    SIGNALS.read(given.list()?, &mut signals, errors);
    Ok(signals)
}

/// In the order of the source.
impl ToTokens for Signals {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let variants = self.seen.iter().map(|(name, _)| match *name {
            "SIGINT" => quote!(Interrupt),
            "SIGTERM" => quote!(Terminate),
            "SIGHUP" => quote!(Hangup),
            _ => quote!(Quit),
        });
        tokens.extend(quote!([#(__graceful::Signal::#variants),*]));
    }
}
