//! The lifecycles of one process, beside each other and one after the other: the one that ends the process
//! lets the others end before, and a signal that one of them has no use for is the next one's.

use crate::lifecycle::Lifecycle;
use crate::lock::{Lock, wait};
use crate::reason::{Reason, Signal};
use std::sync::{Arc, Condvar};
use std::time::{Duration, Instant};

/// How long a signal waits for the next lifecycle. One that begins later has nothing to do with it.
const SIGNAL_AGE: Duration = Duration::from_secs(1);

pub(super) struct Registry {
    // A mutex: taken when a lifecycle begins, when a signal finds it ending, and when it ends.
    state: Lock<State>,
    one_has_ended: Condvar,
}

struct State {
    running: Vec<Arc<Lifecycle>>,
    /// How many were about to begin up to now.
    announced: u64,
    /// Of those that were to end the process, as long as one runs or is waited for: the worst, since each waits for all.
    code: u8,
    /// How many wait for others to end.
    waiting: usize,
    /// Came to a lifecycle that was about to end anyway, and whose function then returns.
    signal: Option<(Signal, Instant)>,
}

/// That of the process.
pub(super) static REGISTRY: Registry = Registry::new();

/// Who hears a signal in the place of a life that has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Heir {
    /// One that began later.
    Later,
    /// One that ran beside it.
    Beside,
    Nobody,
}

impl Registry {
    const fn new() -> Self {
        Self {
            state: Lock::new(State {
                running: Vec::new(),
                announced: 0,
                code: 0,
                waiting: 0,
                signal: None,
            }),
            one_has_ended: Condvar::new(),
        }
    }

    /// One is about to begin, and to hear signals: its number.
    pub(super) fn announce(&self) -> u64 {
        let mut state = self.state.lock();
        state.announced += 1;
        state.announced
    }

    /// Who hears a signal now that the life with this number has ended.
    pub(super) fn heir_of(&self, number: u64) -> Heir {
        let state = self.state.lock();
        if state.announced > number {
            Heir::Later
        } else if state.running.is_empty() {
            Heir::Nobody
        } else {
            Heir::Beside
        }
    }

    /// Whether a life has begun and not ended.
    pub(super) fn some_run(&self) -> bool {
        !self.state.lock().running.is_empty()
    }

    pub(super) fn begins(&self, lifecycle: Arc<Lifecycle>) {
        let mut state = self.state.lock();
        if state.running.is_empty() && state.waiting == 0 {
            state.code = 0;
        }
        state.running.push(lifecycle);
    }

    pub(super) fn has_ended(&self, life: &Arc<Lifecycle>) {
        let mut state = self.state.lock();
        state.running.retain(|other| !Arc::ptr_eq(other, life));
        self.one_has_ended.notify_all();
    }

    /// The process was asked to end, and nothing was made of it.
    pub(super) fn leave_signal(&self, signal: Signal) {
        self.state.lock().signal = Some((signal, Instant::now()));
    }

    /// The signal that a life before this one has left, if it is one of `signals`.
    pub(super) fn take_signal(&self, signals: &[Signal]) -> Option<Signal> {
        let mut state = self.state.lock();
        let (signal, at) = state.signal.take()?;
        (at.elapsed() < SIGNAL_AGE && signals.contains(&signal)).then_some(signal)
    }

    /// The process is about to end with `code`: whoever waits for this life ends it with none that is better.
    pub(super) fn process_ends_with(&self, code: u8) {
        let mut state = self.state.lock();
        state.code = state.code.max(code);
    }

    /// Asks those that run to stop, unless they do so already, and waits for them: each keeps its own
    /// deadline. Returns the code for the process.
    pub(super) fn end_all(&self, reason: &Reason, code: u8) -> u8 {
        let others = {
            let mut state = self.state.lock();
            state.code = state.code.max(code);
            state.waiting += 1;
            state.running.clone()
        };
        // Not under the lock: whoever is woken by it may have an executor of the user's.
        for other in &others {
            other.request(reason.clone());
        }
        let is_one = |life: &Arc<Lifecycle>| others.iter().any(|other| Arc::ptr_eq(life, other));
        let mut state = self.state.lock();
        while state.running.iter().any(is_one) {
            state = wait(state, &self.one_has_ended);
        }
        state.waiting -= 1;
        state.code
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lifecycle::Terms;
    use std::pin::pin;
    use std::sync::mpsc::{Sender, channel};
    use std::task::{Context, Poll, Wake, Waker};
    use std::thread;

    /// With a life of which somebody waits for the end, and returns the code that it has.
    fn waited_for(registry: &Registry, ends: impl FnOnce(&Arc<Lifecycle>)) -> u8 {
        let life = Lifecycle::new(false, Terms::OF_HOST);
        registry.begins(life.clone());
        thread::scope(|scope| {
            let waits = scope.spawn(|| registry.end_all(&Reason::MainReturned, 0));
            while !life.is_requested() {
                thread::yield_now();
            }
            ends(&life);
            waits.join().expect("it does not panic")
        })
    }

    #[test]
    fn whoever_waits_for_a_life_that_ends_the_process_has_its_code() {
        let registry = Registry::new();
        let code = waited_for(&registry, |life| {
            registry.process_ends_with(1);
            registry.has_ended(life);
        });
        assert_eq!(code, 1);
    }

    /// Whoever waits for a life has its code, though another one begins as that ends.
    #[test]
    fn a_life_that_begins_takes_no_code_from_who_waits() {
        let registry = Registry::new();
        for _ in 0..500 {
            let code = waited_for(&registry, |life| {
                registry.process_ends_with(1);
                registry.has_ended(life);
                let next = Lifecycle::new(false, Terms::OF_HOST);
                registry.begins(next.clone());
                registry.has_ended(&next);
            });
            assert_eq!(code, 1);
        }
    }

    /// As an executor of the user's that runs what it wakes.
    struct Looks {
        registry: &'static Registry,
        tell: Sender<bool>,
    }

    impl Wake for Looks {
        fn wake(self: Arc<Self>) {
            let registry = self.registry;
            let (tell, told) = channel();
            thread::spawn(move || tell.send(registry.some_run()));
            let runs = told.recv_timeout(Duration::from_secs(20));
            self.tell.send(runs == Ok(true)).expect("it is waited for");
        }
    }

    #[test]
    fn who_is_asked_to_end_is_woken_outside_of_the_lock() {
        static ALONE: Registry = Registry::new();
        let life = Lifecycle::new(false, Terms::OF_HOST);
        ALONE.begins(life.clone());
        let (tell, told) = channel();
        let registry = &ALONE;
        let waker = Waker::from(Arc::new(Looks { registry, tell }));
        let mut requested = pin!(life.requested());
        let polled = requested.as_mut().poll(&mut Context::from_waker(&waker));
        assert_eq!(polled, Poll::Pending);
        let ends = thread::spawn(|| ALONE.end_all(&Reason::MainReturned, 0));
        let has_looked = told.recv();
        ALONE.has_ended(&life);
        ends.join().expect("it does not panic");
        assert_eq!(has_looked, Ok(true));
    }
}
