//! One stop: of a random state, asked for at random moments.

use crate::invariants;
use crate::journal::{Entry, Journal};
use crate::node::Node;
use crate::plan::Tree;
use graceful::{Embedded, Handle, Outcome, Report, Shutdown as _};
use std::fmt;
use std::ops::AddAssign;
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Builder;
use tokio::time::{sleep, timeout};

/// Whatever a stop leaves behind shows itself by then.
const LONG_AFTER: Duration = Duration::from_secs(100);

/// A stop that has ended, with all that is known of it.
pub(crate) struct Stopped<'a> {
    pub(crate) tree: &'a Tree,
    /// Whether the state had been handed over: else there is only what was deferred.
    pub(crate) has_state: bool,
    /// What was deferred before the state, in this order.
    pub(crate) deferred: Vec<String>,
    pub(crate) began: Duration,
    pub(crate) ended: Duration,
    pub(crate) budget: Duration,
    pub(crate) report: Arc<Report>,
    /// The journal, long after.
    pub(crate) entries: Vec<Entry>,
    /// How much of it was there at the end of the stop.
    pub(crate) entries_at_end: usize,
}

pub(crate) fn run(tree: &Tree, random: &mut fastrand::Rng) -> Tally {
    let mut runtime = Builder::new_current_thread();
    let runtime = runtime.enable_time().start_paused(true).build();
    let stopped = runtime
        .expect("a runtime starts")
        .block_on(stop(tree, random));
    invariants::check(&stopped);
    Tally::of(&stopped.report)
}

async fn stop<'a>(tree: &'a Tree, random: &mut fastrand::Rng) -> Stopped<'a> {
    let journal = Journal::new();
    let embedded = Embedded::new();
    let handle = embedded.handle();
    let deferred: Vec<String> = (0..random.usize(0..3))
        .map(|i| format!("deferred{i}"))
        .collect();
    for name in &deferred {
        defer(&handle, name, &journal, random);
    }
    pause(random).await;
    let has_state = random.u8(0..16) > 0;
    if has_state {
        embedded.run(Node::state(tree, "", &journal, random));
    }
    pause(random).await;
    if random.bool() {
        handle.request("one of its parts");
        pause(random).await;
    }
    if random.u8(0..4) == 0 {
        defer_later(handle.clone(), &journal, random);
    }
    let budget = Duration::from_millis(random.u64(100..2000));
    let began = journal.now();
    if random.u8(0..4) == 0 {
        // A caller that goes away, and one that comes to it.
        let impatience = Duration::from_millis(random.u64(0..300));
        let _ = timeout(impatience, embedded.stop(budget)).await;
    }
    let report = embedded.stop(budget).await;
    let ended = journal.now();
    let entries_at_end = journal.entries().len();
    sleep(LONG_AFTER).await;
    Stopped {
        tree,
        has_state,
        deferred,
        began,
        ended,
        budget,
        report,
        entries: journal.entries(),
        entries_at_end,
    }
}

async fn pause(random: &mut fastrand::Rng) {
    if random.bool() {
        sleep(Duration::from_millis(random.u64(0..300))).await;
    }
}

fn defer(handle: &Handle, name: &str, journal: &Journal, random: &mut fastrand::Rng) {
    let close = Node::leaf(name.to_owned(), journal, random);
    let _ = handle.defer(name.to_owned(), |cx| close.shutdown(cx));
}

/// Something that registers a close while it is stopped, or when all is over.
fn defer_later(handle: Handle, journal: &Journal, random: &mut fastrand::Rng) {
    let (journal, mut random) = (journal.clone(), random.fork());
    tokio::spawn(async move {
        sleep(Duration::from_millis(random.u64(0..2000))).await;
        defer(&handle, "late", &journal, &mut random);
    });
}

/// How the steps of many stops ended: what was met, and is no proof where it was not.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tally {
    stops: u64,
    clean: u64,
    deadlines: u64,
    closed: u64,
    failed: u64,
    panicked: u64,
    timed_out: u64,
    not_started: u64,
    skipped: u64,
}

impl Tally {
    fn of(report: &Report) -> Self {
        let mut tally = Self {
            stops: 1,
            clean: report.is_clean().into(),
            deadlines: report.deadline_passed.into(),
            ..Self::default()
        };
        for step in report.leaves() {
            match step.outcome {
                Outcome::Closed => tally.closed += 1,
                Outcome::Failed(_) => tally.failed += 1,
                Outcome::Panicked(_) => tally.panicked += 1,
                Outcome::TimedOut => tally.timed_out += 1,
                Outcome::NotStarted => tally.not_started += 1,
                Outcome::Skipped => tally.skipped += 1,
                _ => {}
            }
        }
        tally
    }

    pub(crate) fn assert_all_kinds_were_met(&self) {
        let Self {
            stops,
            clean,
            deadlines,
            closed,
            failed,
            panicked,
            timed_out,
            not_started,
            skipped,
        } = *self;
        let counts = [
            clean,
            deadlines,
            closed,
            failed,
            panicked,
            timed_out,
            not_started,
            skipped,
        ];
        assert!(stops > 0 && !counts.contains(&0), "{self}");
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.stops += other.stops;
        self.clean += other.clean;
        self.deadlines += other.deadlines;
        self.closed += other.closed;
        self.failed += other.failed;
        self.panicked += other.panicked;
        self.timed_out += other.timed_out;
        self.not_started += other.not_started;
        self.skipped += other.skipped;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} stops, {} of them clean, {} at their deadline; steps: {} closed, {} failed, {} panicked, {} timed \
             out, {} not started, {} with nothing to close",
            self.stops,
            self.clean,
            self.deadlines,
            self.closed,
            self.failed,
            self.panicked,
            self.timed_out,
            self.not_started,
            self.skipped
        )
    }
}
