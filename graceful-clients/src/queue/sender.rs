//! The way in.

use graceful_runtime::{Handle, Phase};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::select;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::mpsc::{Permit, Sender};

/// The way into a queue. Clones are the same queue.
///
/// Once its consumer closes, sending is an error that gives the item back; it never panics.
pub struct Queue<T> {
    sender: Sender<T>,
    while_stopping: WhenFull,
    refused: Arc<AtomicU64>,
}

/// What becomes of an item for which there is no room while the service stops, and the consumer is not closed yet.
///
/// That is the time in which fields of lower orders drain into the queue. Before the stop, whoever sends waits for
/// room.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum WhenFull {
    /// Whoever sends waits for room, for as long as it has time itself. The default.
    #[default]
    Wait,
    /// The item is given back at once: [`Refused::Full`].
    Refuse,
}

/// An item that was not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refused<T> {
    /// The consumer of the queue is closed, or has ended.
    Stopped(T),
    /// There is no room.
    Full(T),
}

impl<T> Refused<T> {
    /// What was not accepted.
    pub fn into_inner(self) -> T {
        match self {
            Self::Stopped(item) | Self::Full(item) => item,
        }
    }
}

impl<T> fmt::Display for Refused<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Stopped(_) => "the queue accepts nothing more: its consumer has stopped",
            Self::Full(_) => "the queue is full",
        })
    }
}

impl<T: fmt::Debug> std::error::Error for Refused<T> {}

impl<T: Send + Sync + 'static> Queue<T> {
    pub(super) fn new(sender: Sender<T>) -> Self {
        Self {
            sender,
            while_stopping: WhenFull::default(),
            refused: Arc::default(),
        }
    }

    /// What becomes of an item for which there is no room while the service stops, sent through this handle and those
    /// that are cloned from it.
    #[must_use]
    pub fn while_stopping(mut self, policy: WhenFull) -> Self {
        self.while_stopping = policy;
        self
    }

    /// Sends an item, and waits for room.
    ///
    /// # Errors
    ///
    /// With the item: [`Refused::Stopped`] once the consumer is closed; [`Refused::Full`] where there is no room while the
    /// service stops and that is what [`while_stopping`](Queue::while_stopping) says. Both are counted and logged.
    ///
    /// # Cancel safety
    ///
    /// Dropped before its end, it has not sent the item, and drops it.
    pub async fn send(&self, item: T) -> Result<(), Refused<T>> {
        let item = match self.sender.try_send(item) {
            Ok(()) => return Ok(()),
            Err(TrySendError::Closed(item)) => return Err(self.count(Refused::Stopped(item))),
            Err(TrySendError::Full(item)) => item,
        };
        match self.room().await {
            Ok(permit) => {
                permit.send(item);
                Ok(())
            }
            Err(refuse) => Err(self.count(refuse(item))),
        }
    }

    /// Sends an item if there is room.
    ///
    /// # Errors
    ///
    /// With the item: [`Refused::Stopped`] once the consumer is closed, [`Refused::Full`] where there is no room. Both are
    /// counted and logged.
    pub fn try_send(&self, item: T) -> Result<(), Refused<T>> {
        self.sender.try_send(item).map_err(|error| {
            self.count(match error {
                TrySendError::Closed(item) => Refused::Stopped(item),
                TrySendError::Full(item) => Refused::Full(item),
            })
        })
    }

    /// How many items were refused so far, through any handle of this queue.
    pub fn refused(&self) -> u64 {
        // Relaxed: nothing but a number of its own.
        self.refused.load(Ordering::Relaxed)
    }

    /// How many items wait to be taken: a snapshot.
    pub fn len(&self) -> usize {
        self.sender.max_capacity() - self.sender.capacity()
    }

    /// Whether no item waits to be taken: a snapshot.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    async fn room(&self) -> Result<Permit<'_, T>, fn(T) -> Refused<T>> {
        let stopping = async {
            match (self.while_stopping, Handle::try_current()) {
                (WhenFull::Refuse, Ok(lifecycle)) => lifecycle.reached(Phase::Draining).await,
                _ => std::future::pending().await,
            }
        };
        select! {
            biased;
            permit = self.sender.reserve() => permit.map_err(|_| Refused::Stopped as fn(T) -> _),
            () = stopping => Err(Refused::Full),
        }
    }

    fn count(&self, refused: Refused<T>) -> Refused<T> {
        // Relaxed: nothing but a number of its own.
        let total = self.refused.fetch_add(1, Ordering::Relaxed) + 1;
        tracing::warn!(total, "an item was refused: {refused}");
        refused
    }
}

impl<T> Clone for Queue<T> {
    fn clone(&self) -> Self {
        Self {
            sender: self.sender.clone(),
            while_stopping: self.while_stopping,
            refused: self.refused.clone(),
        }
    }
}

impl<T> fmt::Debug for Queue<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Queue")
            .field("room", &self.sender.capacity())
            .field("capacity", &self.sender.max_capacity())
            .field("refused", &self.refused)
            .finish_non_exhaustive()
    }
}
