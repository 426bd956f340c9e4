//! Says what happens, on a thread of its own: a subscriber is user code, and a pipe may be full.

use super::log_event::LogEvent;
use crate::lock::Lock;
use crate::outcome::Outcome;
use crate::sequence::Observer;
use crate::step_state::StepState;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel, sync_channel};
use std::thread;
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::time::timeout;

/// Whom events are handed to. Its thread is started with the first one, if not before.
#[derive(Default)]
pub(crate) struct LogThread {
    // A mutex: held while an event is handed over, never while one is said.
    state: Lock<State>,
    /// The end has been handed over, and nothing is said behind it, as of a step that a forced exit leaves running. Relaxed:
    /// it publishes nothing.
    has_ended: AtomicBool,
}

enum State {
    /// No thread was to be had up to now.
    Unstarted(Vec<LogEvent>),
    Running(Sender<Message>),
    Finished,
}

impl Default for State {
    fn default() -> Self {
        Self::Unstarted(Vec::new())
    }
}

enum Message {
    Event(LogEvent),
    /// Called in its turn.
    Flush(Box<dyn FnOnce() + Send>),
}

impl LogThread {
    /// Starts the thread ahead of the first event.
    pub(crate) fn make_ready(&self) {
        self.state.lock().start();
    }

    /// Takes an event, to be said in its turn. After [`finish`](LogThread::finish) there is nobody to say it.
    pub(crate) fn enqueue(&self, event: LogEvent) {
        let is_end = matches!(event, LogEvent::Ended { .. });
        let is_behind = self.has_ended.fetch_or(is_end, Ordering::Relaxed);
        if is_behind && !is_end {
            return;
        }
        let mut state = self.state.lock();
        state.start();
        match &mut *state {
            State::Unstarted(events) => events.push(event),
            // It ends with the sender alone.
            State::Running(sender) => drop(sender.send(Message::Event(event))),
            State::Finished => {}
        }
    }

    /// The thread ends once it has said everything.
    pub(crate) fn finish(&self) {
        *self.state.lock() = State::Finished;
    }

    /// [`flush`](LogThread::flush) where nothing may block.
    pub(crate) async fn flushed(&self, limit: Duration) {
        let (reply, said) = oneshot::channel();
        {
            let mut state = self.state.lock();
            state.start();
            let State::Running(sender) = &*state else {
                return;
            };
            let reply = move || {
                // Whoever has waited long enough is gone.
                let _ = reply.send(());
            };
            // It ends with the sender alone.
            drop(sender.send(Message::Flush(Box::new(reply))));
        }
        drop(timeout(limit, said).await);
    }

    /// Waits until everything has been said, but not longer than `limit`.
    pub(crate) fn flush(&self, limit: Duration) {
        let mut state = self.state.lock();
        match &mut *state {
            // Better here, where it may block, than never.
            State::Unstarted(events) => {
                let events = std::mem::take(events);
                drop(state);
                events.into_iter().for_each(tell);
            }
            State::Running(sender) => {
                let (reply, said) = sync_channel(1);
                // Whoever has waited long enough is gone.
                let reply = move || {
                    let _ = reply.send(());
                };
                let is_asked = sender.send(Message::Flush(Box::new(reply))).is_ok();
                drop(state);
                if is_asked {
                    // Whoever does not get through in time is not waited for.
                    let _ = said.recv_timeout(limit);
                }
            }
            State::Finished => {}
        }
    }
}

impl State {
    /// Where no thread is to be had, it is tried again the next time.
    fn start(&mut self) {
        let Self::Unstarted(events) = self else {
            return;
        };
        let (sender, receiver) = channel();
        let thread = thread::Builder::new().name("graceful-log".to_owned());
        if thread.spawn(move || run(&receiver)).is_ok() {
            for event in std::mem::take(events) {
                drop(sender.send(Message::Event(event)));
            }
            *self = Self::Running(sender);
        }
    }
}

fn run(messages: &Receiver<Message>) {
    for message in messages {
        match message {
            Message::Event(event) => tell(event),
            Message::Flush(reply) => reply(),
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

fn tell(event: LogEvent) {
    // A subscriber that panics costs one line, not those behind it. So does an error that is dropped with it.
    drop(catch_unwind(AssertUnwindSafe(move || event.tell())));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reason::Signal;

    #[test]
    fn without_a_thread_the_flush_says_it() {
        let event = LogEvent::AlreadyStopping(Signal::Terminate);
        let log = LogThread {
            state: Lock::new(State::Unstarted(vec![event])),
            has_ended: AtomicBool::new(false),
        };
        log.flush(Duration::from_secs(20));
        assert!(matches!(&*log.state.lock(), State::Unstarted(events) if events.is_empty()));
    }
}
