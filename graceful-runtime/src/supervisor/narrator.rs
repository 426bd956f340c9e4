//! Says what happens, on a thread of its own: a subscriber is user code, and a pipe may be full.

use super::notice::Notice;
use crate::board::Observer;
use crate::erased::start_thread;
use crate::lock::{Lock, Locked, wait, wait_while};
use crate::outcome::Outcome;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar};
use std::time::Duration;

/// Whom notices are handed to. Its thread is started with the first one, if not before.
#[derive(Default)]
pub(crate) struct Narrator(Arc<Desk>);

#[derive(Default)]
struct Desk {
    // A mutex with conditions: never held while something is said.
    pile: Lock<Pile>,
    there_is_more: Condvar,
    all_is_said: Condvar,
}

#[derive(Default)]
struct Pile {
    unsaid: Vec<Notice>,
    /// Some have been taken from the pile, and are being said.
    saying: bool,
    /// Whether there is a thread.
    is_attended: bool,
    over: bool,
}

impl Narrator {
    /// Starts the thread ahead of the first notice.
    pub(crate) fn make_ready(&self) {
        drop(self.0.attended());
    }

    pub(crate) fn say(&self, notice: Notice) {
        self.note(notice);
        self.speak();
    }

    /// Takes a notice, to be said in its turn, but wakes nobody: [`speak`](Narrator::speak) does.
    pub(crate) fn note(&self, notice: Notice) {
        let mut pile = self.0.attended();
        // Else the thread is gone, and nothing is left to say it with.
        if !pile.over {
            pile.unsaid.push(notice);
        }
    }

    pub(crate) fn speak(&self) {
        self.0.there_is_more.notify_one();
    }

    /// Sends the thread home, once it has said everything.
    pub(crate) fn finish(&self) {
        self.0.pile.lock().over = true;
        self.speak();
    }

    /// Waits until everything has been said, but not longer than `limit`.
    pub(crate) fn flush(&self, limit: Duration) {
        let mut pile = self.0.pile.lock();
        if !pile.is_attended {
            // No thread was to be had up to now: better here, where it may block, than never.
            let unsaid = std::mem::take(&mut pile.unsaid);
            drop(pile);
            return tell_all(unsaid);
        }
        // What was only noted is said now.
        self.speak();
        let unsaid = |pile: &mut Pile| pile.saying || !pile.unsaid.is_empty();
        // Whoever does not get through in time is not waited for.
        wait_while(pile, &self.0.all_is_said, limit, unsaid);
    }
}

impl Drop for Narrator {
    fn drop(&mut self) {
        self.finish();
    }
}

impl Desk {
    /// The pile, once its thread has been started; where none is to be had, it is tried again the next time.
    fn attended(self: &Arc<Self>) -> Locked<'_, Pile> {
        let mut pile = self.pile.lock();
        if !pile.is_attended {
            let desk = self.clone();
            let thread = start_thread("graceful-log", move || desk.attend());
            pile.is_attended = thread.is_ok();
        }
        pile
    }

    fn attend(&self) {
        let mut pile = self.pile.lock();
        loop {
            let unsaid = std::mem::take(&mut pile.unsaid);
            if !unsaid.is_empty() {
                pile.saying = true;
                drop(pile);
                tell_all(unsaid);
                pile = self.pile.lock();
                pile.saying = false;
                if pile.unsaid.is_empty() {
                    self.all_is_said.notify_all();
                }
            } else if pile.over {
                return;
            } else {
                pile = wait(pile, &self.there_is_more);
            }
        }
    }
}

impl Observer for Narrator {
    fn step_began(&self, name: &Arc<str>, limit: Duration) {
        if tracing::dispatcher::has_been_set() {
            let name = name.clone();
            self.say(Notice::StepBegan { name, limit });
        }
    }

    fn step_ended(&self, name: &Arc<str>, outcome: &Outcome, took: Duration) {
        if tracing::dispatcher::has_been_set() {
            let (name, outcome) = (name.clone(), outcome.clone());
            self.say(Notice::StepEnded {
                name,
                outcome,
                took,
            });
        }
    }
}

fn tell_all(notices: Vec<Notice>) {
    for notice in notices {
        // A subscriber that panics costs one line, not those behind it. So does an error that is dropped with it.
        drop(catch_unwind(AssertUnwindSafe(move || notice.tell())));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reason::Signal;
    use std::time::Instant;

    #[test]
    fn what_was_noted_and_nobody_has_spoken_is_said_before_the_end() {
        let narrator = Narrator::default();
        narrator.make_ready();
        // Its thread has gone to rest.
        std::thread::sleep(Duration::from_millis(50));
        narrator.note(Notice::AlreadyStopping(Signal::Terminate));
        let began = Instant::now();
        narrator.flush(Duration::from_secs(20));
        assert!(began.elapsed() < Duration::from_secs(10));
    }

    #[test]
    fn without_a_thread_the_flush_says_it() {
        let narrator = Narrator::default();
        let notice = Notice::AlreadyStopping(Signal::Terminate);
        narrator.0.pile.lock().unsaid.push(notice);
        narrator.flush(Duration::from_secs(20));
        assert!(narrator.0.pile.lock().unsaid.is_empty());
    }
}
