//! The phases: how a life goes on, and what one who sees a phase may rely on.

#[path = "../../graceful-runtime/src/lifecycle/phases.rs"]
mod phases;

mod sync {
    pub(super) use loom::sync::atomic::{AtomicU8, Ordering};
}

use crate::model;
use crate::phase::Phase;
use loom::sync::atomic::AtomicUsize;
use loom::thread;
use phases::Phases;
use std::sync::Arc;
use sync::Ordering;

/// A life, and the deadline that is settled before it drains.
struct Life {
    phases: Phases,
    deadline: AtomicUsize,
    results: AtomicUsize,
}

impl Life {
    fn new() -> Arc<Self> {
        Arc::new(Self {
            phases: Phases::new(),
            deadline: AtomicUsize::new(0),
            results: AtomicUsize::new(0),
        })
    }

    /// What the supervisor does at the stop.
    fn stop(&self) {
        // Relaxed, as the results: it is the phase that makes them seen.
        self.deadline.store(25, Ordering::Relaxed);
        self.phases.enter(Phase::Draining);
        self.phases.enter(Phase::Closing);
        self.results.store(3, Ordering::Relaxed);
        self.phases.enter(Phase::Stopped);
    }

    /// What a handler sees, and may rely on.
    fn look(&self) -> Phase {
        let phase = self.phases.now();
        if phase >= Phase::Draining {
            assert_eq!(self.deadline.load(Ordering::Relaxed), 25);
        }
        if phase >= Phase::Stopped {
            assert_eq!(self.results.load(Ordering::Relaxed), 3);
        }
        phase
    }
}

#[test]
fn who_sees_a_phase_sees_what_was_settled_before_it() {
    model(|| {
        let life = Life::new();
        let stops = {
            let life = life.clone();
            thread::spawn(move || life.stop())
        };
        let first = life.look();
        assert!(first <= life.look());
        stops.join().expect("a thread");
        assert_eq!(life.look(), Phase::Stopped);
    });
}

#[test]
fn a_start_up_that_ends_beside_the_stop_does_not_take_the_phase_back() {
    model(|| {
        let life = Life::new();
        let starts = {
            let life = life.clone();
            thread::spawn(move || {
                life.phases.enter(Phase::Running);
                life.look()
            })
        };
        let looks = {
            let life = life.clone();
            thread::spawn(move || [life.look(), life.look()])
        };
        life.stop();
        assert!(starts.join().expect("a thread") >= Phase::Running);
        let [first, second] = looks.join().expect("a thread");
        assert!(first <= second);
        assert_eq!(life.look(), Phase::Stopped);
    });
}
