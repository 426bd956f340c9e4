//! The options of `#[graceful::main]` and `#[graceful::test]`: those of tokio's attributes, and ours.

use crate::duration::Parts;
use crate::entry::signals;
use crate::error::{Errors, text};
use crate::kind::Kind;
use crate::list::{Given, Grammar, Key, Seen, Takes};
use crate::value::{self, Limit};
use proc_macro2::{Ident, TokenStream};
use syn::{Expr, Path};

#[derive(Default)]
pub(crate) struct Options {
    flavor: Option<Placed<Flavor>>,
    pub(crate) worker_threads: Option<Placed<usize>>,
    pub(crate) start_paused: Option<Placed<bool>>,
    pub(crate) unhandled_panic: Option<Placed<&'static str>>,
    pub(crate) name: Option<String>,
    pub(crate) crate_path: Option<Path>,
    pub(crate) timeout: Option<Limit>,
    pub(crate) delay: Option<Limit>,
    pub(crate) grace: Option<Limit>,
    pub(crate) pre_stop: Option<Limit>,
    pub(crate) blocking_grace: Option<Limit>,
    /// Variants of `graceful::Signal`.
    pub(crate) signals: Option<Vec<&'static str>>,
    /// A variant of `graceful::ReportWhen`.
    pub(crate) report: Option<&'static str>,
}

/// What the runtime takes where `timeout` is not set: inside Kubernetes' 30 s.
pub(super) const DEFAULT_TIMEOUT: Parts = Parts {
    seconds: 25,
    nanos: 0,
};
/// A value with the tokens that messages about it point to.
pub(crate) struct Placed<T> {
    pub(crate) value: T,
    pub(crate) key: Ident,
    written: Expr,
}

impl<T> Placed<T> {
    fn new(value: T, given: &Given) -> Self {
        Self {
            value,
            key: given.key.clone(),
            written: given.value.clone(),
        }
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

const FLAVOR: Key<Options> = Key {
    name: "flavor",
    example: "flavor = \"current_thread\"",
    takes: Takes::Value(|options, given| {
        let renamed = |written: &str| former_flavor(written).map(text::renamed_flavor);
        let flavor = value::choice(given, &FLAVORS, renamed)?;
        options.flavor = Some(Placed::new(flavor, given));
        Ok(())
    }),
};

const WORKER_THREADS: Key<Options> = Key {
    name: "worker_threads",
    example: "worker_threads = 4",
    takes: Takes::Value(|options, given| {
        options.worker_threads = Some(Placed::new(value::count(given)?, given));
        Ok(())
    }),
};

const START_PAUSED: Key<Options> = Key {
    name: "start_paused",
    example: "start_paused = true",
    takes: Takes::Value(|options, given| {
        options.start_paused = Some(Placed::new(value::boolean(given)?, given));
        Ok(())
    }),
};

const UNHANDLED_PANIC: Key<Options> = Key {
    name: "unhandled_panic",
    example: "unhandled_panic = \"shutdown_runtime\"",
    takes: Takes::Value(|options, given| {
        let variants = [
            ("ignore", "Ignore"),
            ("shutdown_runtime", "ShutdownRuntime"),
        ];
        let variant = value::choice(given, &variants, |_| None)?;
        options.unhandled_panic = Some(Placed::new(variant, given));
        Ok(())
    }),
};

const NAME: Key<Options> = Key {
    name: "name",
    example: "name = \"my-runtime\"",
    takes: Takes::Value(|options, given| {
        options.name = Some(value::name(given)?);
        Ok(())
    }),
};

const CRATE: Key<Options> = Key {
    name: "crate",
    example: "crate = \"my_crate::graceful\"",
    takes: Takes::Value(|options, given| {
        options.crate_path = Some(value::crate_path(given)?);
        Ok(())
    }),
};

const TIMEOUT: Key<Options> = Key {
    name: "timeout",
    example: "timeout = \"25s\"",
    takes: Takes::Value(|options, given| {
        options.timeout = Some(value::timeout(given)?);
        Ok(())
    }),
};

const DELAY: Key<Options> = Key {
    name: "delay",
    example: "delay = \"5s\"",
    takes: Takes::Value(|options, given| {
        options.delay = Some(value::duration(given)?);
        Ok(())
    }),
};

const GRACE: Key<Options> = Key {
    name: "grace",
    example: "grace = \"30s\"",
    takes: Takes::Value(|options, given| {
        options.grace = Some(value::timeout(given)?);
        Ok(())
    }),
};

const PRE_STOP: Key<Options> = Key {
    name: "pre_stop",
    example: "pre_stop = \"5s\"",
    takes: Takes::Value(|options, given| {
        options.pre_stop = Some(value::duration(given)?);
        Ok(())
    }),
};

const BLOCKING_GRACE: Key<Options> = Key {
    name: "blocking_grace",
    example: "blocking_grace = \"1s\"",
    takes: Takes::Value(|options, given| {
        options.blocking_grace = Some(value::duration(given)?);
        Ok(())
    }),
};

const SIGNALS: Key<Options> = Key {
    name: "signals",
    example: "signals(SIGINT, SIGTERM)",
    takes: Takes::List(|options, _, list, errors| {
        options.signals = Some(signals::read(list, errors));
    }),
};

const REPORT: Key<Options> = Key {
    name: "report",
    example: "report = \"always\"",
    takes: Takes::Value(|options, given| {
        let variants = [("always", "Always"), ("unclean", "Unclean")];
        options.report = Some(value::choice(given, &variants, |_| None)?);
        Ok(())
    }),
};

static MAIN: Grammar<Options> = Grammar {
    noun: "`graceful::main` option",
    keys: &[
        FLAVOR,
        WORKER_THREADS,
        START_PAUSED,
        UNHANDLED_PANIC,
        NAME,
        CRATE,
        TIMEOUT,
        DELAY,
        GRACE,
        PRE_STOP,
        BLOCKING_GRACE,
        SIGNALS,
        REPORT,
    ],
    hint: tokio_hint,
    ignore_case: true,
};

static TEST: Grammar<Options> = Grammar {
    noun: "`graceful::test` option",
    keys: &[
        FLAVOR,
        WORKER_THREADS,
        START_PAUSED,
        UNHANDLED_PANIC,
        NAME,
        CRATE,
        TIMEOUT,
    ],
    hint: |word| {
        let of_main = MAIN.knows(word).then(|| text::option_of_main(word));
        of_main.or_else(|| tokio_hint(word))
    },
    ignore_case: true,
};

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

impl Options {
    pub(crate) fn read(arguments: TokenStream, kind: Kind, errors: &mut Errors) -> Self {
        let grammar = match kind {
            Kind::Main => &MAIN,
            Kind::Test => &TEST,
        };
        let mut options = Self::default();
        grammar.read(arguments, &mut options, &mut Seen::default(), errors);
        options
    }

    pub(crate) fn flavor(&self, kind: Kind) -> Flavor {
        match (&self.flavor, kind) {
            (Some(flavor), _) => flavor.value,
            (None, Kind::Main) => Flavor::MultiThread,
            (None, Kind::Test) => Flavor::CurrentThread,
        }
    }

    /// What each option demands of the flavor; without one that was written, `function` is to blame.
    pub(crate) fn check(
        &self,
        kind: Kind,
        multi_thread: bool,
        function: &Ident,
        errors: &mut Errors,
    ) {
        match self.flavor(kind) {
            Flavor::MultiThread => {
                if !multi_thread {
                    match &self.flavor {
                        Some(flavor) => errors.push(&flavor.written, text::NO_MULTI_THREAD),
                        None => errors.push(function, text::NO_DEFAULT_FLAVOR),
                    }
                }
                if let Some(paused) = &self.start_paused {
                    errors.push(
                        &paused.written,
                        &text::needs_flavor("start_paused", kind, "current_thread"),
                    );
                }
                if let Some(policy) = &self.unhandled_panic {
                    errors.push(
                        &policy.written,
                        &text::needs_flavor("unhandled_panic", kind, "current_thread"),
                    );
                }
            }
            Flavor::CurrentThread | Flavor::Local => {
                if let Some(threads) = &self.worker_threads {
                    errors.push(
                        &threads.written,
                        &text::needs_flavor("worker_threads", kind, "multi_thread"),
                    );
                }
            }
        }
    }
}
