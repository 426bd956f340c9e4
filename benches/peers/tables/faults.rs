//! The rows of the fault matrix: a fault, a signal, and what has to become of the service.

use graceful_peers::service::BUDGET;
use std::time::Duration;

#[derive(Clone, Copy)]
pub(crate) enum Signals {
    /// It ends by itself.
    No,
    Once,
    /// 400 ms apart, while a close hangs that may take 15 s.
    Twice,
    /// Within 10 ms.
    Hundred,
}

/// Who reads what it writes.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Reader {
    Awake,
    Asleep,
    Gone,
}

/// What the exit code has to be.
#[derive(Clone, Copy)]
pub(crate) enum Code {
    Zero,
    Other,
    /// Who knows whether that is a fault?
    Any,
}

/// A fault, and what has to become of it.
pub(crate) struct Row {
    pub(crate) what: &'static str,
    pub(crate) fault: &'static str,
    pub(crate) signals: Signals,
    pub(crate) reader: Reader,
    pub(crate) code: Code,
    /// Which parts can close.
    pub(crate) closes: &'static [&'static str],
    pub(crate) within: Duration,
}

const ALL: &[&str] = &["http", "queue", "guard", "db", "lease"];
const ALL_BUT_QUEUE: &[&str] = &["http", "guard", "db", "lease"];
const ALL_BUT_GUARD: &[&str] = &["http", "queue", "db", "lease"];
const LAST: &[&str] = &["db", "lease"];
const LEASE: &[&str] = &["lease"];

const fn row(what: &'static str, fault: &'static str, closes: &'static [&'static str]) -> Row {
    Row {
        what,
        fault,
        signals: Signals::Once,
        reader: Reader::Awake,
        code: Code::Zero,
        closes,
        within: BUDGET,
    }
}

impl Row {
    const fn fails(self) -> Self {
        self.code(Code::Other)
    }

    const fn code(mut self, code: Code) -> Self {
        self.code = code;
        self
    }

    const fn signals(mut self, signals: Signals) -> Self {
        self.signals = signals;
        self
    }

    const fn reader(mut self, reader: Reader) -> Self {
        self.reader = reader;
        self
    }

    const fn within(mut self, milliseconds: u64) -> Self {
        self.within = Duration::from_millis(milliseconds);
        self
    }
}

pub(crate) const ROWS: [Row; 29] = [
    row("none", "none", ALL),
    row("a close hangs", "hangs", ALL_BUT_QUEUE).fails(),
    row(
        "… and its future's `Drop` blocks",
        "hangs and its drop blocks",
        ALL_BUT_QUEUE,
    )
    .fails(),
    row("a close panics", "panics", ALL_BUT_QUEUE).fails(),
    row("a close returns an error", "fails", ALL_BUT_QUEUE).fails(),
    row("a close blocks its thread", "blocks", ALL_BUT_QUEUE).fails(),
    row("a `Drop` panics", "drop panics", ALL_BUT_GUARD).fails(),
    row("a `Drop` blocks", "drop blocks", ALL_BUT_GUARD).fails(),
    row("one hangs, one panics, one blocks", "wreck", LAST).fails(),
    row(
        "a close without a limit hangs",
        "hangs without a limit",
        &[],
    )
    .fails(),
    row("a task blocks its worker", "a worker blocked", ALL),
    row("every worker blocked", "every worker blocked", ALL),
    row(
        "… and one hangs, one panics, one blocks",
        "wreck, every worker blocked",
        LAST,
    )
    .fails(),
    row("the blocking pool is full", "blocking pool full", ALL),
    row(
        "… and a close needs it",
        "needs the blocking pool",
        ALL_BUT_QUEUE,
    )
    .fails(),
    row(
        "`spawn_blocking` never ends",
        "spawn_blocking never ends",
        ALL,
    ),
    row(
        "a read of standard input is pending",
        "stdin read pending",
        ALL,
    ),
    row("a second signal after 400 ms", "hangs without a limit", &[])
        .signals(Signals::Twice)
        .fails()
        .within(400),
    row("100 signals in 10 ms", "none", ALL).signals(Signals::Hundred),
    row("a delay of 400 ms", "delay", ALL),
    row("a signal in start-up", "start-up waits", LEASE),
    row(
        "a start-up that blocks its thread",
        "start-up blocks",
        LEASE,
    )
    .fails(),
    row("a start-up that fails", "start-up fails", LEASE)
        .signals(Signals::No)
        .fails(),
    row("a start-up that panics", "start-up panics", LEASE)
        .signals(Signals::No)
        .fails(),
    row("nobody reads standard output and error", "none", ALL).reader(Reader::Gone),
    row("standard error full and never read", "stderr floods", ALL).reader(Reader::Asleep),
    row("a part's task ends", "consumer ends", LAST)
        .signals(Signals::No)
        .code(Code::Any),
    row("a part's task fails", "consumer fails", LAST)
        .signals(Signals::No)
        .fails(),
    row("a part's task panics", "consumer panics", LAST)
        .signals(Signals::No)
        .fails(),
];
