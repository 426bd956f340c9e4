//! The patterns, and what is to become of each under `#[graceful::main]`.

use Then::{AsBefore, Ended, EndedOrForced};
use graceful::Signal;

/// A program of `programs/`.
pub(crate) struct Pattern {
    pub(crate) name: &'static str,
    /// How it says itself what it does.
    pub(crate) words: &'static str,
    /// It serves HTTP, and a request is in flight.
    pub(crate) serves: bool,
    on_interrupt: Then,
    on_terminate: Then,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Then {
    /// The program has heard it: all is as before.
    AsBefore,
    /// It has not, and that shows: ended soon, as by the signal, and it is said that `main` was dropped.
    Ended,
    /// It has not, but that can't be told: as `Ended`, or left to itself up to the deadline.
    EndedOrForced,
}

impl Pattern {
    const fn new(name: &'static str, words: &'static str, then: Then) -> Self {
        Self {
            name,
            words,
            serves: false,
            on_interrupt: then,
            on_terminate: then,
        }
    }

    const fn server(name: &'static str, words: &'static str) -> Self {
        Self {
            serves: true,
            ..Self::new(name, words, AsBefore)
        }
    }

    pub(crate) fn named(name: &str) -> &'static Self {
        let pattern = PATTERNS.iter().find(|pattern| pattern.name == name);
        pattern.expect("a pattern of this name")
    }

    /// How often it may be tried. actix-web loses what is in flight in one stop of three where the machine is busy: its
    /// workers end at once if the thread that accepts has ended before they hear of the stop.
    pub(crate) fn attempts(&self, signal: Signal) -> usize {
        match (self.name, signal) {
            ("actix", Signal::Terminate) => 8,
            _ => 1,
        }
    }

    pub(crate) fn then(&self, signal: Signal) -> Then {
        match signal {
            Signal::Interrupt => self.on_interrupt,
            _ => self.on_terminate,
        }
    }
}

pub(crate) static PATTERNS: [Pattern; 26] = [
    Pattern::new(
        "select",
        "`select!` on both signals in `main`, then an upload is stored",
        AsBefore,
    ),
    Pattern::new(
        "select in a loop",
        "`select!` on both signals in a loop with a timer, then a flush",
        AsBefore,
    ),
    Pattern::new(
        "drain",
        "a drain of 2 s in `main` after the signal",
        AsBefore,
    ),
    Pattern {
        on_terminate: Ended,
        ..Pattern::new(
            "ctrl_c",
            "`ctrl_c()` alone, then an upload is stored",
            AsBefore,
        )
    },
    Pattern {
        on_terminate: EndedOrForced,
        ..Pattern::new(
            "ctrl_c and channels",
            "`ctrl_c()` alone, then a broadcast's sender is dropped; a task finishes an order",
            AsBefore,
        )
    },
    Pattern::new(
        "task and channel",
        "a task listens and tells `main` by channel",
        AsBefore,
    ),
    Pattern::new(
        "task and token",
        "a task listens and cancels a token; three workers finish an order each",
        AsBefore,
    ),
    Pattern::new(
        "task and flag",
        "a task listens and sets a flag that `main` reads every 100 ms",
        AsBefore,
    ),
    Pattern::new(
        "task that exits",
        "a task listens, stores an upload and calls `exit(0)`",
        AsBefore,
    ),
    Pattern::server(
        "axum",
        "axum's `with_graceful_shutdown` over a function of the program's own",
    ),
    Pattern::server("actix", "actix-web, which listens by itself"),
    Pattern::new(
        "signal_hook flag",
        "`signal_hook` sets a flag that `main` reads every 100 ms",
        AsBefore,
    ),
    Pattern::new(
        "signal_hook thread",
        "a thread iterates `signal_hook`'s signals and tells `main`",
        AsBefore,
    ),
    Pattern::new(
        "signal_hook thread that exits",
        "such a thread stores an upload and calls `exit(0)`",
        AsBefore,
    ),
    Pattern::new(
        "signal_hook thread of a task",
        "… one that was begun by a task, and has no name",
        AsBefore,
    ),
    Pattern::new(
        "task of another runtime",
        "a task of a second `Runtime` listens, stores an upload and calls `exit(0)`; `main` waits",
        AsBefore,
    ),
    Pattern::new("ctrlc", "`ctrlc`'s handler tells `main`", AsBefore),
    Pattern::new("idle", "nobody listens, `main` waits", Ended),
    Pattern::new(
        "batch, one await",
        "nobody listens, `main` awaits one long query",
        Ended,
    ),
    Pattern::new(
        "batch, steps",
        "nobody listens, `main` works in steps of 50 ms",
        EndedOrForced,
    ),
    Pattern::new(
        "busy",
        "nobody listens, `main` wakes every 10 ms for ever",
        EndedOrForced,
    ),
    Pattern::new(
        "tasks",
        "nobody listens, `main` waits, three tasks work",
        EndedOrForced,
    ),
    Pattern {
        serves: true,
        ..Pattern::new(
            "axum without end",
            "nobody listens, axum serves, and a request is in flight",
            EndedOrForced,
        )
    },
    Pattern::new(
        "blocking task",
        "nobody listens, `main` waits for a `spawn_blocking` that blocks",
        EndedOrForced,
    ),
    Pattern::new(
        "blocked runtime",
        "nobody listens, `main` waits beside a second `Runtime`, a worker of which blocks",
        EndedOrForced,
    ),
    Pattern::new(
        "blocked",
        "nobody listens, `main` blocks its thread",
        EndedOrForced,
    ),
];
