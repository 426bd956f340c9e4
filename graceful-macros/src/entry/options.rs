//! The options of `#[graceful::main]` and `#[graceful::test]`: those of tokio's attributes, and ours.

use crate::error::{Errors, mistake, text};
use crate::keys::{Flag, Given, Keys as _, Place, Value, keys};
use crate::kind::Kind;
use crate::value::{CratePath, Timeout, choice, literal, name};
use proc_macro2::TokenStream;
use std::time::Duration;
use syn::{Lit, Result};

keys! {
    Options {
        flavor: Flavor = "flavor = \"current_thread\"";
        worker_threads: Count = "worker_threads = 4";
        start_paused: bool = "start_paused = true";
        unhandled_panic: UnhandledPanic = "unhandled_panic = \"shutdown_runtime\"";
        name: Name = "name = \"my-runtime\"";
        path("crate"): CratePath = "crate = \"my_crate::graceful\"";
        timeout: Timeout = "timeout = \"25s\"";
        delay: Duration = "delay = \"5s\"";
        grace: Timeout = "grace = \"30s\"";
        pre_stop: Duration = "pre_stop = \"5s\"";
        blocking_grace: Duration = "blocking_grace = \"1s\"";
        signals: Signals = "signals(SIGINT, SIGTERM)";
        report: Report = "report = \"always\"";
    }
}

/// What a test has no use for.
const OF_MAIN: [&str; 6] = [
    "delay",
    "grace",
    "pre_stop",
    "blocking_grace",
    "signals",
    "report",
];

const MAIN: Place<Options> = Place {
    noun: "`graceful::main` option",
    takes: |_| true,
    hint: tokio_hint,
    ignore_case: true,
    table: Options::TABLE,
};

const TEST: Place<Options> = Place {
    noun: "`graceful::test` option",
    takes: |name| !OF_MAIN.contains(&name),
    hint: |word| {
        let of_main = OF_MAIN.contains(&word).then(|| text::option_of_main(word));
        of_main.or_else(|| tokio_hint(word))
    },
    ignore_case: true,
    table: Options::TABLE,
};

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

const FLAVORS: [(&str, Flavor); 3] = [
    ("multi_thread", Flavor::MultiThread),
    ("current_thread", Flavor::CurrentThread),
    ("local", Flavor::Local),
];

/// What tokio once called its flavors.
const FORMER_FLAVORS: [(&str, &str); 4] = [
    ("threaded_scheduler", "multi_thread"),
    ("basic_scheduler", "current_thread"),
    ("single_thread", "current_thread"),
    ("single_threaded", "current_thread"),
];

impl Value for Flavor {
    fn read(given: &Given, _errors: &mut Errors) -> Result<Self> {
        choice(given, &FLAVORS, |written| {
            former_flavor(written).map(text::renamed_flavor)
        })
    }
}

fn former_flavor(word: &str) -> Option<&'static str> {
    let mut flavors = FORMER_FLAVORS.iter();
    let found = flavors.find(|(former, _)| *former == word);
    found.map(|(_, flavor)| *flavor)
}

fn tokio_hint(word: &str) -> Option<String> {
    if word == "core_threads" {
        return Some(text::RENAMED_THREADS.to_owned());
    }
    let is_flavor = FLAVORS.iter().any(|(name, _)| *name == word);
    let flavor = is_flavor.then_some(word).or_else(|| former_flavor(word));
    flavor.map(text::flavor_as_option)
}

/// At least one, with or without the suffix that `#[tokio::main]` takes.
pub(crate) struct Count(pub(crate) usize);

impl Value for Count {
    fn read(given: &Given, _errors: &mut Errors) -> Result<Self> {
        let expr = given.value()?;
        let Some(Lit::Int(number)) = literal(expr) else {
            return Err(mistake(expr, &text::no_count(given.example)));
        };
        match number.base10_parse() {
            Ok(0) => Err(mistake(expr, text::ZERO_COUNT)),
            Ok(count) => Ok(Self(count)),
            Err(_) => Err(mistake(expr, text::COUNT_TOO_LARGE)),
        }
    }
}

/// A variant of tokio's.
pub(crate) struct UnhandledPanic(pub(crate) &'static str);

impl Value for UnhandledPanic {
    fn read(given: &Given, _errors: &mut Errors) -> Result<Self> {
        let variants = [
            ("ignore", "Ignore"),
            ("shutdown_runtime", "ShutdownRuntime"),
        ];
        choice(given, &variants, |_| None).map(Self)
    }
}

pub(crate) struct Name(pub(crate) String);

impl Value for Name {
    fn read(given: &Given, _errors: &mut Errors) -> Result<Self> {
        name(given).map(Self)
    }
}

/// A variant of `graceful::ReportWhen`.
pub(crate) struct Report(pub(crate) &'static str);

impl Value for Report {
    fn read(given: &Given, _errors: &mut Errors) -> Result<Self> {
        let variants = [("always", "Always"), ("unclean", "Unclean")];
        choice(given, &variants, |_| None).map(Self)
    }
}

keys! {
    #[allow(non_snake_case, reason = "as the system calls them")]
    Signals {
        SIGINT: Flag = "SIGINT";
        SIGTERM: Flag = "SIGTERM";
        SIGHUP: Flag = "SIGHUP";
        SIGQUIT: Flag = "SIGQUIT";
    }
}

const SIGNALS: Place<Signals> = Place {
    noun: "signal",
    takes: |_| true,
    hint: |word| matches!(word, "SIGKILL" | "SIGSTOP").then(|| text::uncatchable(word)),
    ignore_case: false,
    table: Signals::TABLE,
};

impl Value for Signals {
    fn read(given: &Given, errors: &mut Errors) -> Result<Self> {
        let mut signals = Self::default();
        SIGNALS.read(given.list()?, &mut signals, errors);
        Ok(signals)
    }
}

impl Signals {
    /// As variants of `graceful::Signal`, in the order of the source.
    pub(crate) fn variants(&self) -> impl Iterator<Item = &'static str> {
        self.seen().iter().map(|(name, _)| match *name {
            "SIGINT" => "Interrupt",
            "SIGTERM" => "Terminate",
            "SIGHUP" => "Hangup",
            _ => "Quit",
        })
    }
}
