//! A broker that keeps books, and does what the test wants.

use crate::consumer::Source;
use graceful_runtime::Result;
use std::collections::{BTreeSet, VecDeque};
use std::future::pending;
use std::sync::{Arc, Mutex, MutexGuard};
use tokio::sync::Notify;

/// A broker with messages that are numbers. Clones are the same broker.
#[derive(Clone, Default)]
pub(super) struct Broker {
    books: Arc<Mutex<Books>>,
    has_more: Arc<Notify>,
    pub(super) faults: Faults,
}

#[derive(Default)]
pub(super) struct Books {
    pub(super) waiting: VecDeque<u32>,
    pub(super) delivered: Vec<u32>,
    pub(super) acknowledged: Vec<u32>,
    pub(super) handed_back: BTreeSet<u32>,
    pub(super) is_stopped: bool,
    pub(super) is_closed: bool,
    /// How often it was told to close.
    pub(super) closes: u32,
}

#[derive(Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fault of its own")]
pub(super) struct Faults {
    /// The source ends with an error once all has been taken.
    pub(super) ends: bool,
    pub(super) stop_hangs: bool,
    pub(super) stop_panics: bool,
    pub(super) hand_back_hangs: bool,
    pub(super) hand_back_fails: bool,
    pub(super) acknowledge_panics: bool,
    pub(super) acknowledge_hangs: bool,
    pub(super) close_hangs: bool,
    pub(super) close_fails: bool,
    /// So many are fetched ahead, and handed back with the stop.
    pub(super) fetched_ahead: usize,
}

impl Broker {
    pub(super) fn with(messages: impl IntoIterator<Item = u32>) -> Self {
        let broker = Self::default();
        broker.books().waiting.extend(messages);
        broker
    }

    pub(super) fn faults(mut self, faults: Faults) -> Self {
        self.faults = faults;
        self
    }

    pub(super) fn publish(&self, message: u32) {
        self.books().waiting.push_back(message);
        self.has_more.notify_one();
    }

    pub(super) fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap()
    }
}

impl Source for Broker {
    type Message = u32;

    fn name(&self) -> String {
        "broker `test`".to_owned()
    }

    async fn take(&self) -> Result<Option<u32>> {
        loop {
            {
                let mut books = self.books();
                assert!(!books.is_stopped, "taken after the stop");
                if let Some(message) = books.waiting.pop_front() {
                    books.delivered.push(message);
                    return Ok(Some(message));
                }
            }
            if self.faults.ends {
                return Err("the subscription is gone".into());
            }
            self.has_more.notified().await;
        }
    }

    async fn acknowledge(&self, message: &u32) -> Result {
        assert!(!self.faults.acknowledge_panics, "in an acknowledgement");
        if self.faults.acknowledge_hangs {
            pending::<()>().await;
        }
        self.books().acknowledged.push(*message);
        Ok(())
    }

    async fn hand_back(&self, message: Arc<u32>) -> Result {
        if self.faults.hand_back_hangs {
            pending::<()>().await;
        }
        if self.faults.hand_back_fails {
            return Err("the connection is lost".into());
        }
        self.books().handed_back.insert(*message);
        Ok(())
    }

    async fn stop(&self) -> Result<usize> {
        self.books().is_stopped = true;
        assert!(!self.faults.stop_panics, "in a stop");
        if self.faults.stop_hangs {
            pending::<()>().await;
        }
        Ok(self.faults.fetched_ahead)
    }

    async fn close(&self) -> Result {
        self.books().closes += 1;
        if self.faults.close_hangs {
            pending::<()>().await;
        }
        if self.faults.close_fails {
            return Err("the commit was refused".into());
        }
        self.books().is_closed = true;
        Ok(())
    }
}
