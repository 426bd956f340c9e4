//! The lifecycles of one process, beside each other and one after the other: the one that ends the process
//! lets the others end before, and a signal that one of them has no use for is the next one's.

use crate::lifecycle::Lifecycle;
use crate::lock::{Lock, wait};
use crate::reason::{Reason, Signal};
use std::sync::{Arc, Condvar};
use std::time::{Duration, Instant};

/// How long a signal waits for the next lifecycle. One that begins later has nothing to do with it.
const SIGNAL_AGE: Duration = Duration::from_secs(1);

struct Registry {
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

// A mutex: taken when a lifecycle begins, when a signal finds it ending, and when it ends.
static REGISTRY: Lock<Registry> = Lock::new(Registry {
    running: Vec::new(),
    announced: 0,
    code: 0,
    waiting: 0,
    signal: None,
});
static ONE_HAS_ENDED: Condvar = Condvar::new();

/// One is about to begin, and to hear signals: its number.
pub(super) fn announce() -> u64 {
    let mut registry = REGISTRY.lock();
    registry.announced += 1;
    registry.announced
}

/// Who hears a signal in the place of a life that has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Heir {
    /// One that began later.
    Later,
    /// One that ran beside it.
    Beside,
    Nobody,
}

/// Who hears a signal now that the life with this number has ended.
pub(super) fn heir_of(number: u64) -> Heir {
    let registry = REGISTRY.lock();
    if registry.announced > number {
        Heir::Later
    } else if registry.running.is_empty() {
        Heir::Nobody
    } else {
        Heir::Beside
    }
}

/// Whether a life has begun and not ended.
pub(super) fn some_run() -> bool {
    !REGISTRY.lock().running.is_empty()
}

pub(super) fn begins(lifecycle: Arc<Lifecycle>) {
    let mut registry = REGISTRY.lock();
    if registry.running.is_empty() && registry.waiting == 0 {
        registry.code = 0;
    }
    registry.running.push(lifecycle);
}

pub(super) fn has_ended(life: &Arc<Lifecycle>) {
    let mut registry = REGISTRY.lock();
    registry.running.retain(|other| !Arc::ptr_eq(other, life));
    ONE_HAS_ENDED.notify_all();
}

/// The process was asked to end, and nothing was made of it.
pub(super) fn leave_signal(signal: Signal) {
    REGISTRY.lock().signal = Some((signal, Instant::now()));
}

/// The signal that a life before this one has left, if it is one of `signals`.
pub(super) fn take_signal(signals: &[Signal]) -> Option<Signal> {
    let mut registry = REGISTRY.lock();
    let (signal, at) = registry.signal.take()?;
    (at.elapsed() < SIGNAL_AGE && signals.contains(&signal)).then_some(signal)
}

/// The process is about to end with `code`: whoever waits for this life ends it with none that is better.
pub(super) fn process_ends_with(code: u8) {
    let mut registry = REGISTRY.lock();
    registry.code = registry.code.max(code);
}

/// Asks those that run to stop, unless they do so already, and waits for them: each keeps its own
/// deadline. Returns the code for the process.
pub(super) fn end_all(reason: &Reason, code: u8) -> u8 {
    let others = {
        let mut registry = REGISTRY.lock();
        registry.code = registry.code.max(code);
        registry.waiting += 1;
        registry.running.clone()
    };
    // Not under the lock: whoever is woken by it may have an executor of the user's.
    for other in &others {
        other.request(reason.clone());
    }
    let is_one = |life: &Arc<Lifecycle>| others.iter().any(|other| Arc::ptr_eq(life, other));
    let mut registry = REGISTRY.lock();
    while registry.running.iter().any(is_one) {
        registry = wait(registry, &ONE_HAS_ENDED);
    }
    registry.waiting -= 1;
    registry.code
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lifecycle::Terms;
    use std::pin::pin;
    use std::sync::mpsc::{Sender, channel};
    use std::task::{Context, Poll, Wake, Waker};
    use std::thread;

    #[test]
    fn whoever_waits_for_a_life_that_ends_the_process_has_its_code() {
        let life = Lifecycle::new(false, Terms::OF_HOST);
        begins(life.clone());
        let waits = thread::spawn(|| end_all(&Reason::MainReturned, 0));
        process_ends_with(1);
        has_ended(&life);
        assert_eq!(waits.join().unwrap(), 1);
    }

    /// As an executor of the user's that runs what it wakes.
    struct Looks(Sender<bool>);

    impl Wake for Looks {
        fn wake(self: Arc<Self>) {
            let (tell, told) = channel();
            thread::spawn(move || tell.send(some_run()));
            let runs = told.recv_timeout(Duration::from_secs(20));
            self.0.send(runs == Ok(true)).expect("it is waited for");
        }
    }

    #[test]
    fn who_is_asked_to_end_is_woken_outside_of_the_lock() {
        let life = Lifecycle::new(false, Terms::OF_HOST);
        begins(life.clone());
        let (tell, told) = channel();
        let waker = Waker::from(Arc::new(Looks(tell)));
        let mut requested = pin!(life.requested());
        let polled = requested.as_mut().poll(&mut Context::from_waker(&waker));
        assert_eq!(polled, Poll::Pending);
        let ends = thread::spawn(|| end_all(&Reason::MainReturned, 0));
        let has_looked = told.recv();
        has_ended(&life);
        ends.join().expect("it does not panic");
        assert_eq!(has_looked, Ok(true));
    }

    /// Whoever waits for a life has its code, though another one begins as that ends.
    #[test]
    fn a_life_that_begins_takes_no_code_from_who_waits() {
        for _ in 0..500 {
            let [first, second] = [(); 2].map(|()| Lifecycle::new(false, Terms::OF_HOST));
            begins(first.clone());
            let waits = thread::spawn(|| end_all(&Reason::MainReturned, 0));
            while !first.is_requested() {
                thread::yield_now();
            }
            process_ends_with(1);
            has_ended(&first);
            begins(second.clone());
            has_ended(&second);
            assert_eq!(waits.join().unwrap(), 1);
        }
    }
}
