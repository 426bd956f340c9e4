//! Lives beside each other in one process, and one after the other: the one that ends the process lets the
//! others end before, and a signal that one of them has no use for is the next one's.

use crate::lifecycle::Lifecycle;
use crate::lock::{Lock, wait};
use crate::reason::{Reason, Signal};
use std::sync::{Arc, Condvar};

struct Lives {
    running: Vec<Arc<Lifecycle>>,
    /// Of those that were to end the process: the worst, since each waits for all.
    code: u8,
    /// Came to a life that was about to end anyway, and whose function then returns.
    signal: Option<Signal>,
}

// A mutex: taken when a life begins, when a signal finds it ending, and when it ends.
static LIVES: Lock<Lives> = Lock::new(Lives {
    running: Vec::new(),
    code: 0,
    signal: None,
});
static ONE_HAS_ENDED: Condvar = Condvar::new();

pub(super) fn begins(life: Arc<Lifecycle>) {
    LIVES.lock().running.push(life);
}

pub(super) fn has_ended(life: &Arc<Lifecycle>) {
    let mut lives = LIVES.lock();
    lives.running.retain(|other| !Arc::ptr_eq(other, life));
    ONE_HAS_ENDED.notify_all();
}

/// The process was asked to end, and nothing was made of it.
pub(super) fn leave_signal(signal: Signal) {
    LIVES.lock().signal = Some(signal);
}

/// The signal that a life before this one has left, if it is one of `signals`.
pub(super) fn take_signal(signals: &[Signal]) -> Option<Signal> {
    let mut lives = LIVES.lock();
    lives.signal.take_if(|signal| signals.contains(signal))
}

/// The process is about to end with `code`: whoever waits for this life ends it with none that is better.
pub(super) fn process_ends_with(code: u8) {
    let mut lives = LIVES.lock();
    lives.code = lives.code.max(code);
}

/// Asks those that run to stop, unless they do so already, and waits for them: each keeps its own
/// deadline. Returns the code for the process.
pub(super) fn end_all(reason: &Reason, code: u8) -> u8 {
    let mut lives = LIVES.lock();
    lives.code = lives.code.max(code);
    let others = lives.running.clone();
    for other in &others {
        other.request(reason.clone());
    }
    let is_one = |life: &Arc<Lifecycle>| others.iter().any(|other| Arc::ptr_eq(life, other));
    while lives.running.iter().any(is_one) {
        lives = wait(lives, &ONE_HAS_ENDED);
    }
    lives.code
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_waits_for_a_life_that_ends_the_process_has_its_code() {
        let life = Lifecycle::new(false);
        begins(life.clone());
        let waits = std::thread::spawn(|| end_all(&Reason::MainReturned, 0));
        process_ends_with(1);
        has_ended(&life);
        assert_eq!(waits.join().unwrap(), 1);
    }
}
