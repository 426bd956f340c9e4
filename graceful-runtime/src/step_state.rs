//! What is known of one step, from the moment its group begins to its line in the report.

use crate::format::Seconds;
use crate::lock::{Lock, Locked};
use crate::outcome::Outcome;
use crate::report::StepReport;
use crate::thread_state::{ThreadState, current_thread};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// How long its code runs on one thread before that is called blocking: one that awaits lets go of it far sooner, and may be
/// seen in the middle of that.
const BLOCKS: Duration = Duration::from_millis(20);

/// Resolves when something that was cut with the step has really been dropped.
pub(crate) type CutEnd = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A step, and in a tree of them its own steps.
pub(crate) struct StepState {
    name: String,
    /// The limit that it declared.
    timeout: Option<Duration>,
    /// A whole state: its steps stand in its place in names and in the report, `http` and not `App.http`.
    is_state: bool,
    // A mutex: written by whoever runs the step, read for log lines and for the report.
    state: Lock<State>,
}

#[derive(Default)]
struct State {
    began: Option<Began>,
    ended: Option<Ended>,
    progress: Option<String>,
    note: Option<String>,
    in_flight: Option<usize>,
    /// How often it was polled since that was said, where somebody reads it.
    polls: usize,
    /// What runs its code at this moment.
    thread: Option<Thread>,
    is_being_dropped: bool,
    has_nothing_to_close: bool,
    is_forced: bool,
    steps: Vec<Arc<StepState>>,
    cut_ends: Vec<CutEnd>,
}

#[derive(Clone, Copy)]
struct Began {
    at: Instant,
    limit: Instant,
}

struct Ended {
    outcome: Outcome,
    at: Instant,
}

#[derive(Clone, Copy)]
struct Thread {
    /// Where the system tells.
    id: Option<u32>,
    /// Of the machine's clock: what blocks stops that of a test.
    since: std::time::Instant,
}

impl Thread {
    fn blocks(&self) -> bool {
        self.since.elapsed() >= BLOCKS
    }
}

impl StepState {
    pub(crate) fn new(name: String, timeout: Option<Duration>, is_state: bool) -> Arc<Self> {
        Arc::new(Self {
            name,
            timeout,
            is_state,
            state: Lock::default(),
        })
    }

    /// The dotted path.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn is_state(&self) -> bool {
        self.is_state
    }

    /// The path of a step of its own.
    pub(crate) fn path_below(&self, name: &str) -> String {
        if self.is_state {
            name.to_owned()
        } else {
            format!("{}.{name}", self.name)
        }
    }

    pub(crate) fn add_steps(&self, steps: &[Arc<Self>]) {
        self.lock().steps.extend_from_slice(steps);
    }

    /// Whether it is to begin now: not where it was left out a moment ago.
    pub(crate) fn begin(&self, at: Instant, limit: Instant) -> bool {
        let mut state = self.lock();
        if state.ended.is_some() {
            return false;
        }
        state.began = Some(Began { at, limit });
        true
    }

    /// When it has to have ended, once it has begun.
    pub(crate) fn limit(&self) -> Option<Instant> {
        self.lock().began.map(|began| began.limit)
    }

    /// The first outcome stands: with how long it took, where this is the first, and given back where it is not.
    pub(crate) fn end(
        &self,
        outcome: Outcome,
        at: Instant,
    ) -> Result<(Outcome, Duration), Outcome> {
        let mut state = self.lock();
        if state.ended.is_some() {
            return Err(outcome);
        }
        let outcome = match outcome {
            Outcome::Closed if state.has_nothing_to_close => Outcome::Skipped,
            Outcome::TimedOut if state.began.is_none() => Outcome::NotStarted,
            Outcome::TimedOut => state.timed_out(),
            outcome => outcome,
        };
        let took = state.took(at);
        state.ended = Some(Ended {
            outcome: outcome.clone(),
            at,
        });
        Ok((outcome, took))
    }

    /// It has not ended by itself, and is closed by force from here on.
    pub(crate) fn force_begins(&self) {
        self.lock().is_forced = true;
    }

    pub(crate) fn is_clean(&self) -> bool {
        let state = self.lock();
        let ended = state.ended.as_ref();
        ended.is_some_and(|ended| ended.outcome.is_clean())
    }

    pub(crate) fn set_progress(&self, text: String) {
        self.say(|state| state.progress = Some(text));
    }

    pub(crate) fn set_note(&self, text: String) {
        self.say(|state| state.note = Some(text));
    }

    pub(crate) fn set_in_flight(&self, count: usize) {
        self.say(|state| state.in_flight = Some(count));
    }

    /// What a close says that goes on after it was cut is not of the step any more; what it says while it is dropped is.
    fn say(&self, word: impl FnOnce(&mut State)) {
        let mut state = self.lock();
        if state.ended.is_none() || state.is_being_dropped {
            word(&mut state);
        }
    }

    /// Its close is about to be dropped.
    pub(crate) fn drop_begins(&self) {
        self.lock().is_being_dropped = true;
    }

    /// It was polled, and waits. Whether nothing says so yet: of one that is polled without an end, one line is on its way.
    pub(crate) fn count_poll(&self) -> bool {
        let mut state = self.lock();
        state.polls += 1;
        state.polls == 1
    }

    /// How often it was polled since this was asked last.
    pub(crate) fn take_polls(&self) -> usize {
        std::mem::take(&mut self.lock().polls)
    }

    /// Its code runs on this thread while what this returns lives.
    pub(crate) fn on_this_thread(&self) -> OnThread<'_> {
        let (id, since) = (current_thread(), std::time::Instant::now());
        self.lock().thread = Some(Thread { id, since });
        OnThread(self)
    }

    pub(crate) fn progress(&self) -> Option<String> {
        self.lock().progress.clone()
    }

    pub(crate) fn in_flight(&self) -> Option<usize> {
        self.lock().in_flight
    }

    pub(crate) fn note(&self) -> Option<String> {
        self.lock().note.clone()
    }

    /// Its close, and what that held, has been dropped.
    pub(crate) fn let_go(&self) {
        self.lock().is_being_dropped = false;
    }

    pub(crate) fn set_nothing_to_close(&self) {
        self.lock().has_nothing_to_close = true;
    }

    pub(crate) fn add_cut_end(&self, end: CutEnd) {
        self.lock().cut_ends.push(end);
    }

    pub(crate) fn take_cut_ends(&self) -> Vec<CutEnd> {
        std::mem::take(&mut self.lock().cut_ends)
    }

    /// The steps that had run for `a_while` at that moment, the innermost only, in words: `db for 3.0 s of 5.0 s (2 of 10)`.
    pub(crate) fn running(&self, now: Instant, a_while: Duration) -> Vec<String> {
        let mut running = Vec::new();
        self.collect_running(now, a_while, &mut running);
        running
    }

    /// Whether it, or a step of its own, runs.
    fn collect_running(&self, now: Instant, a_while: Duration, running: &mut Vec<String>) -> bool {
        let (began, progress, thread, steps) = {
            let state = self.lock();
            // One that was cut and does not let go of its thread is waited for too: what it blocks in may be a lock.
            let ended = state.ended.as_ref().is_some_and(|ended| ended.at <= now);
            if ended && state.thread.is_none() {
                return false;
            }
            let progress = state.progress.clone();
            // Not at once where it has been cut, either: a line that is due at the limit finds it in the middle of its drop.
            let blocked = state.thread.filter(Thread::blocks);
            (
                state.began,
                progress,
                blocked.and_then(|thread| thread.id),
                state.steps.clone(),
            )
        };
        // A state is in no report: between two of its steps nothing is named.
        let is_named = !self.is_state || steps.is_empty();
        let mut runs_below = false;
        for step in steps {
            runs_below |= step.collect_running(now, a_while, running);
        }
        let Some(began) = began else {
            return runs_below;
        };
        let age = now.saturating_duration_since(began.at);
        if is_named && !runs_below && age >= a_while {
            let limit = began.limit - began.at;
            let thread = thread.and_then(ThreadState::of);
            let blocks = thread.map(|thread| format!("it blocks {thread}"));
            let known: Vec<_> = progress.into_iter().chain(blocks).collect();
            let known = match known.join("; ") {
                none if none.is_empty() => none,
                known => format!(" ({known})"),
            };
            running.push(format!(
                "{} for {} of {}{known}",
                self.name,
                Seconds(age, 1),
                Seconds(limit, 1)
            ));
        }
        true
    }

    /// Its own steps' lines, as far as there is room. Times count from `epoch`.
    pub(crate) fn report_steps(
        &self,
        epoch: Instant,
        now: Instant,
        room: &mut Room,
    ) -> Vec<StepReport> {
        let steps = {
            let state = self.lock();
            let (taken, omitted) = state.steps.split_at(room.take(state.steps.len()));
            room.omit(omitted);
            taken.to_vec()
        };
        let mut reports = Vec::with_capacity(steps.len());
        for step in steps {
            let report = step.report(epoch, now, room);
            // A state gives way to its own steps, unless the fault is in itself.
            let fault_is_below = report.steps.iter().any(|step| !step.outcome.is_clean());
            let gives_way = step.is_state
                && !report.steps.is_empty()
                && (report.outcome.is_clean() || fault_is_below);
            if gives_way {
                reports.extend(report.steps);
            } else {
                reports.push(report);
            }
        }
        reports
    }

    fn report(&self, epoch: Instant, now: Instant, room: &mut Room) -> StepReport {
        let steps = self.report_steps(epoch, now, room);
        let state = self.lock();
        let (outcome, until) = match (&state.ended, &state.began) {
            (Some(ended), _) => (ended.outcome.clone(), ended.at),
            (None, None) => (Outcome::NotStarted, now),
            // Its limit has passed, whether or not somebody had the time to cut it.
            (None, Some(began)) if now >= began.limit => (state.timed_out(), now),
            (None, Some(_)) => (Outcome::Running, now),
        };
        let thread = state.blocked_thread();
        StepReport {
            name: self.name.clone(),
            timeout: self.timeout,
            limit: state.began.map(|began| began.limit - began.at),
            started: state.began.map(|began| began.at - epoch),
            took: state.took(until),
            progress: state.progress.clone(),
            note: state.note.clone(),
            in_flight: state.in_flight.filter(|_| !outcome.is_clean()),
            blocked: thread.is_some() && outcome != Outcome::Running,
            thread: thread
                .and_then(|thread| thread.id)
                .and_then(ThreadState::of),
            outcome,
            steps,
        }
    }

    fn lock(&self) -> Locked<'_, State> {
        self.state.lock()
    }
}

/// Its code runs on one thread.
pub(crate) struct OnThread<'a>(&'a StepState);

impl Drop for OnThread<'_> {
    fn drop(&mut self) {
        self.0.lock().thread = None;
    }
}

/// How many more steps a report may have.
pub(crate) struct Room {
    left: usize,
    /// How many found none, and how many of them were not clean; those below them are not counted.
    pub(crate) omitted: usize,
    pub(crate) omitted_unclean: usize,
}

impl Room {
    pub(crate) fn new(most: usize) -> Self {
        Self {
            left: most,
            omitted: 0,
            omitted_unclean: 0,
        }
    }

    /// How many of `wanted` there is room for.
    fn take(&mut self, wanted: usize) -> usize {
        let taken = wanted.min(self.left);
        self.left -= taken;
        taken
    }

    fn omit(&mut self, steps: &[Arc<StepState>]) {
        self.omitted += steps.len();
        self.omitted_unclean += steps.iter().filter(|step| !step.is_clean()).count();
    }
}

impl State {
    fn took(&self, until: Instant) -> Duration {
        self.began.map_or(Duration::ZERO, |began| until - began.at)
    }

    /// Who forces it says so shortly before the limit, and on a busy machine behind it.
    fn timed_out(&self) -> Outcome {
        if self.is_forced {
            Outcome::Forced(Box::new(Outcome::TimedOut))
        } else {
            Outcome::TimedOut
        }
    }

    /// The thread that it does not let go of: at once where it has been cut.
    fn blocked_thread(&self) -> Option<Thread> {
        let is_cut = self.ended.is_some();
        self.thread.filter(|thread| is_cut || thread.blocks())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Its thread came in the moment in which that was given up.
    #[test]
    fn one_that_was_left_out_does_not_begin() {
        let (now, limit) = (Instant::now(), Duration::from_secs(1));
        let step = StepState::new("queue".to_owned(), None, false);
        let ended = step.end(Outcome::TimedOut, now);
        assert_eq!(ended, Ok((Outcome::NotStarted, Duration::ZERO)));
        assert!(!step.begin(now, now + limit));
        assert_eq!(step.limit(), None);
    }

    #[test]
    fn one_whose_force_is_late_to_say_so_was_forced() {
        let (began, limit) = (Instant::now(), Duration::from_secs(1));
        let group = StepState::new("App".to_owned(), None, true);
        let step = StepState::new("grpc".to_owned(), None, false);
        group.add_steps(std::slice::from_ref(&step));
        assert!(step.begin(began, began + limit));
        step.force_begins();
        let forced = Outcome::Forced(Box::new(Outcome::TimedOut));
        let reported = group.report_steps(began, began + limit, &mut Room::new(1));
        assert_eq!(reported[0].outcome, forced);
        let ended = step.end(Outcome::TimedOut, began + limit);
        assert_eq!(ended, Ok((forced, limit)));
    }

    #[test]
    fn one_that_nobody_cut_in_time_has_timed_out() {
        let limit = Duration::from_secs(1);
        let began = Instant::now();
        let group = StepState::new("App".to_owned(), None, true);
        let step = StepState::new("queue".to_owned(), None, false);
        group.add_steps(std::slice::from_ref(&step));
        assert!(step.begin(began, began + limit));
        let reported = |at| {
            let mut steps = group.report_steps(began, at, &mut Room::new(1));
            let step = steps.remove(0);
            (step.outcome, step.blocked)
        };

        assert_eq!(reported(began + limit / 2), (Outcome::Running, false));
        assert_eq!(reported(began + limit), (Outcome::TimedOut, false));
        let polled = step.on_this_thread();
        let knows_threads = current_thread().is_some();
        // It may let go of it in a moment.
        assert_eq!(reported(began + limit), (Outcome::TimedOut, false));
        std::thread::sleep(BLOCKS);
        assert_eq!(reported(began + limit), (Outcome::TimedOut, true));
        let said = |word: &str| group.running(began + limit, limit)[0].contains(word);
        assert_eq!(said("blocks"), knows_threads);
        drop(polled);
        assert_eq!(reported(began + limit), (Outcome::TimedOut, false));
        let polled_again = step.on_this_thread();
        assert!(!said("blocks"));
        drop(polled_again);

        // It is to be dropped, and no thread has come for that: on a busy machine that takes a while.
        assert!(step.end(Outcome::TimedOut, began + limit).is_ok());
        assert_eq!(reported(began + limit), (Outcome::TimedOut, false));
        let drop_began = std::time::Instant::now();
        let _is_dropped = step.on_this_thread();
        // A line that is due at the limit finds it in the middle of that.
        assert!(!said("blocks") || drop_began.elapsed() >= BLOCKS);
        assert_eq!(reported(began + limit), (Outcome::TimedOut, true));
        std::thread::sleep(BLOCKS);
        assert_eq!(said("blocks"), knows_threads);
    }

    /// The line is written a moment after it is due: in that moment the step may have been cut, and the next not have begun.
    #[test]
    fn what_ran_when_a_line_was_due_is_named_and_never_the_state_around_it() {
        let limit = Duration::from_secs(5);
        let began = Instant::now();
        let group = StepState::new("App".to_owned(), None, true);
        let step = StepState::new("worker".to_owned(), None, false);
        group.add_steps(std::slice::from_ref(&step));
        assert!(group.begin(began, began + 2 * limit));
        assert!(step.begin(began, began + limit));
        let cut = began + limit + Duration::from_millis(3);
        assert!(step.end(Outcome::TimedOut, cut).is_ok());
        assert_eq!(
            group.running(began + limit, Duration::ZERO),
            ["worker for 5.0 s of 5.0 s"]
        );
        assert!(group.running(cut, Duration::ZERO).is_empty());
    }
}
