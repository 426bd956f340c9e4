//! What happened to each close, as the closes themselves saw it.

use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::time::Instant;

/// What a close writes down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// It was called.
    Begun,
    /// It returned, and said that all is well.
    Closed,
    /// It returned an error.
    Failed,
    /// It panicked.
    Panicked,
    /// Its future was dropped before it was through.
    Cut,
    /// A task that it waited for ended.
    TaskEnded,
}

/// One line of the journal.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) step: String,
    pub(crate) event: Event,
    pub(crate) at: Duration,
}

/// Shared by all closes of one stop.
#[derive(Clone)]
pub(crate) struct Journal {
    start: Instant,
    // A lock, since closes are `Send`, though all of one stop run on one thread.
    entries: Arc<Mutex<Vec<Entry>>>,
}

impl Journal {
    /// An empty one. Times count from now.
    pub(crate) fn new() -> Self {
        Self {
            start: Instant::now(),
            entries: Arc::default(),
        }
    }

    pub(crate) fn now(&self) -> Duration {
        self.start.elapsed()
    }

    pub(crate) fn write(&self, step: &str, event: Event) {
        let entry = Entry {
            step: step.to_owned(),
            event,
            at: self.now(),
        };
        self.entries.lock().expect("nobody panics here").push(entry);
    }

    pub(crate) fn entries(&self) -> Vec<Entry> {
        self.entries.lock().expect("nobody panics here").clone()
    }

    /// Writes that `step` has begun, and how it ends: cut, where nobody says otherwise.
    pub(crate) fn begin(&self, step: &str) -> Begun {
        self.write(step, Event::Begun);
        Begun {
            journal: self.clone(),
            step: step.to_owned(),
            end: Event::Cut,
        }
    }
}

/// A close that has begun, and has not ended yet.
pub(crate) struct Begun {
    journal: Journal,
    step: String,
    end: Event,
}

impl Begun {
    pub(crate) fn ends(mut self, end: Event) {
        self.end = end;
    }
}

impl Drop for Begun {
    fn drop(&mut self) {
        self.journal.write(&self.step, self.end);
    }
}
