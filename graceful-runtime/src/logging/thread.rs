//! The queue of what there is to say, and the thread that says it.

use super::event::LogEvent;
#[cfg(feature = "spans")]
use super::spans::LogSpans;
use crate::contained::contained;
use crate::lock::{Lock, wait};
use crate::log::may_debug;
use crate::outcome::Outcome;
use crate::sequence::Observer;
use crate::step_state::StepState;
use crate::thread::{self, Run};
use crate::thread_state::{current_thread, wait_while_it_works, works};
use std::collections::VecDeque;
use std::sync::{Arc, Condvar};
use std::time::Duration;

/// Whom events are handed to. Its thread is started with the first one, if not before.
#[derive(Default)]
pub(crate) struct LogThread(Arc<Shared>);

#[derive(Default)]
struct Shared {
    // A mutex with two conditions: held while an event is handed over, never while one is said.
    state: Lock<State>,
    /// There is an event to say, or there will be none any more.
    has_work: Condvar,
    /// Everything has been said.
    has_said_all: Condvar,
}

#[derive(Default)]
struct State {
    events: VecDeque<LogEvent>,
    /// What others have done here, before the next event.
    lent: VecDeque<Run>,
    /// None was to be had up to now, where there are events.
    has_thread: bool,
    is_saying: bool,
    is_finished: bool,
    /// The kernel's number of the thread, where it has one.
    thread: Option<u32>,
}

impl State {
    fn has_more(&self) -> bool {
        self.is_saying || !self.events.is_empty() || !self.lent.is_empty()
    }
}

impl LogThread {
    /// Starts the thread ahead of the first event.
    pub(crate) fn make_ready(&self) {
        self.0.start(&mut self.0.state.lock());
    }

    /// Takes an event, to be said in its turn. After [`finish`](LogThread::finish) there is nobody to say it.
    pub(crate) fn enqueue(&self, event: LogEvent) {
        let mut state = self.0.state.lock();
        if state.is_finished {
            return;
        }
        let is_end = matches!(event, LogEvent::Ended { .. });
        let is_waited_for = state.events.is_empty() && !state.is_saying;
        state.events.push_back(event);
        self.0.start(&mut state);
        // Nothing is said behind the end, as of a step that a forced exit leaves running.
        state.is_finished = is_end;
        drop(state);
        if is_waited_for {
            self.0.has_work.notify_one();
        }
    }

    /// Says what the stop waits for, where somebody looks that closely.
    pub(crate) fn waits(&self, what: &'static str, at_most: Duration) {
        if may_debug() {
            self.enqueue(LogEvent::Waits { what, at_most });
        }
    }

    /// The thread's number, where there is one.
    pub(crate) fn thread(&self) -> Option<u32> {
        self.0.state.lock().thread
    }

    /// Has this done on its thread, for whoever could not start one of his own; given back where this has none either.
    pub(crate) fn lend(&self, run: Run) -> Result<(), Run> {
        let mut state = self.0.state.lock();
        if !state.has_thread {
            return Err(run);
        }
        state.lent.push_back(run);
        drop(state);
        self.0.has_work.notify_one();
        Ok(())
    }

    /// The thread ends once it has said everything.
    pub(crate) fn finish(&self) {
        self.0.state.lock().is_finished = true;
        self.0.has_work.notify_one();
    }

    /// Whether there is something to say, and nothing holds up who says it: it runs, or waits for a processor. Only Linux
    /// tells.
    pub(crate) fn works(&self) -> bool {
        let state = self.0.state.lock();
        if !state.has_more() || !state.has_thread {
            return false;
        }
        let thread = state.thread;
        drop(state);
        works(thread)
    }

    /// Waits until its thread has said everything, but not longer than `limit` while that sleeps, or `at_most` in all, where it
    /// [works](LogThread::works). Without a thread there is nothing to wait for.
    pub(crate) fn wait(&self, limit: Duration, at_most: Duration) {
        let (state, said_all) = (&self.0.state, &self.0.has_said_all);
        let is_left = |state: &State| state.has_thread && state.has_more();
        wait_while_it_works(state, said_all, limit, at_most, is_left, || self.works());
    }

    /// The same; says it here where there is no thread.
    pub(crate) fn flush(&self, limit: Duration, at_most: Duration) {
        let mut state = self.0.state.lock();
        if state.has_thread {
            drop(state);
            self.wait(limit, at_most);
        } else {
            // Better here, where it may block, than never.
            let events = std::mem::take(&mut state.events);
            drop(state);
            let mut teller = Teller::default();
            for event in events {
                teller.tell(event);
            }
        }
    }
}

impl Shared {
    /// Where no thread is to be had, it is tried again the next time.
    fn start(self: &Arc<Self>, state: &mut State) {
        if !state.has_thread && !state.is_finished {
            let shared = self.clone();
            let run = Box::new(move || shared.run());
            state.has_thread = thread::start("graceful-log", None, run).is_ok();
        }
    }

    fn run(&self) {
        let mut teller = Teller::default();
        let mut state = self.state.lock();
        state.thread = current_thread();
        loop {
            if let Some(run) = state.lent.pop_front() {
                state.is_saying = true;
                drop(state);
                contained(run);
                state = self.state.lock();
                state.is_saying = false;
                continue;
            }
            if let Some(event) = state.events.pop_front() {
                state.is_saying = true;
                drop(state);
                teller.tell(event);
                state = self.state.lock();
                state.is_saying = false;
                continue;
            }
            self.has_said_all.notify_all();
            if state.is_finished {
                state.has_thread = false;
                return;
            }
            state = wait(state, &self.has_work);
        }
    }
}

impl Observer for LogThread {
    fn step_began(&self, step: &Arc<StepState>, limit: Duration) {
        if tracing::dispatcher::has_been_set() {
            let step = step.clone();
            self.enqueue(LogEvent::StepBegan { step, limit });
        }
    }

    fn step_waits(&self, step: &Arc<StepState>) {
        if may_debug() && step.count_poll() {
            self.enqueue(LogEvent::StepWaits(step.clone()));
        }
    }

    fn step_cut(&self, step: &Arc<StepState>, at_most: Duration) {
        if may_debug() {
            let step = step.clone();
            self.enqueue(LogEvent::StepCut { step, at_most });
        }
    }

    fn step_ended(&self, step: &Arc<StepState>, outcome: &Outcome, took: Duration) {
        if tracing::dispatcher::has_been_set() {
            let (step, outcome) = (step.clone(), outcome.clone());
            self.enqueue(LogEvent::StepEnded {
                step,
                outcome,
                took,
            });
        }
    }
}

/// Says one event after the other.
#[derive(Default)]
struct Teller {
    #[cfg(feature = "spans")]
    spans: LogSpans,
}

impl Teller {
    #[cfg_attr(
        not(feature = "spans"),
        expect(clippy::unused_self, reason = "it holds the spans")
    )]
    fn tell(&mut self, event: LogEvent) {
        let tell = move || {
            #[cfg(feature = "spans")]
            self.spans.follow(&event);
            event.tell();
        };
        // A subscriber that panics costs one line, not those behind it. So does an error that is dropped with it.
        contained(tell);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reason::Signal;

    #[test]
    fn without_a_thread_the_flush_says_it() {
        let event = LogEvent::AlreadyStopping(Signal::Terminate);
        let log = LogThread::default();
        log.0.state.lock().events.push_back(event);
        let limit = Duration::from_secs(20);
        log.flush(limit, limit);
        assert!(log.0.state.lock().events.is_empty());
    }
}
