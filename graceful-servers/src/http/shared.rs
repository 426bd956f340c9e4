//! What all parts of one server share: where it stands, and which connections are open.

use super::connection::{Connection, Seat};
use super::stage::Stage;
use graceful_runtime::{Handle, Phase};
use slab::Slab;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// What handlers have to end in once their clients are gone: a tenth of the time that remains, and this at most.
const BEFORE_THE_LIMIT: Duration = Duration::from_millis(250);

pub(crate) struct Shared {
    stage: AtomicU8,
    /// Cancelled when the server begins to close.
    closing: CancellationToken,
    /// Cancelled at the limit.
    #[cfg(feature = "ws")]
    cut: CancellationToken,
    /// WebSockets that were closed without the client's answer. Relaxed: a number for the report.
    #[cfg(feature = "ws")]
    forced: AtomicUsize,
    /// Requests that their clients did not finish, nor will. Relaxed: as above.
    unfinished: AtomicUsize,
    /// When what is left is cut; set before it begins to close, where it is known.
    limit: OnceLock<Instant>,
    lifecycle: Option<Handle>,
    // A mutex: taken when a connection is accepted and when it has ended.
    open: Mutex<Open>,
    ended: Notify,
}

struct Open {
    /// Somebody still accepts.
    listening: bool,
    connections: Slab<Arc<Connection>>,
}

impl Shared {
    pub(super) fn new(lifecycle: Option<Handle>) -> Self {
        Self {
            stage: AtomicU8::new(Stage::Serving as u8),
            closing: CancellationToken::new(),
            #[cfg(feature = "ws")]
            cut: CancellationToken::new(),
            #[cfg(feature = "ws")]
            forced: AtomicUsize::new(0),
            unfinished: AtomicUsize::new(0),
            limit: OnceLock::new(),
            lifecycle,
            open: Mutex::new(Open {
                listening: true,
                connections: Slab::new(),
            }),
            ended: Notify::new(),
        }
    }

    pub(super) fn lifecycle(&self) -> Option<&Handle> {
        self.lifecycle.as_ref()
    }

    pub(crate) fn stage(&self) -> Stage {
        // Acquire, with the release below: whoever sees a stage sees the limit too.
        let stage = Stage::from_number(self.stage.load(Ordering::Acquire));
        if stage == Stage::Serving && self.is_draining() {
            // The server's own task may not have heard of it yet.
            return Stage::Draining;
        }
        stage
    }

    fn is_draining(&self) -> bool {
        let lifecycle = self.lifecycle.as_ref();
        lifecycle.is_some_and(|handle| handle.phase() >= Phase::Draining)
    }

    pub(super) fn enter(&self, next: Stage) {
        let before = self.stage.fetch_max(next as u8, Ordering::AcqRel);
        if before >= next as u8 {
            return;
        }
        if next >= Stage::Closing {
            self.closing.cancel();
        }
        #[cfg(feature = "ws")]
        if next == Stage::Cut {
            self.cut.cancel();
        }
        // A connection that comes later looks at the stage before it waits for anything.
        for connection in self.connections() {
            connection.wake();
        }
    }

    /// Begins to close; what is left at the limit is cut by the caller.
    pub(super) fn close_until(&self, limit: Instant) {
        // The first one counts: closing is asked for once.
        let _ = self.limit.set(limit);
        self.enter(Stage::Closing);
    }

    pub(crate) fn closing(&self) -> &CancellationToken {
        &self.closing
    }

    #[cfg(feature = "ws")]
    pub(crate) fn cut(&self) -> &CancellationToken {
        &self.cut
    }

    #[cfg(feature = "ws")]
    pub(crate) fn note_forced(&self) {
        self.forced.fetch_add(1, Ordering::Relaxed);
    }

    #[cfg(feature = "ws")]
    pub(super) fn forced(&self) -> usize {
        self.forced.load(Ordering::Relaxed)
    }

    pub(super) fn note_unfinished(&self) {
        self.unfinished.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn unfinished(&self) -> usize {
        self.unfinished.load(Ordering::Relaxed)
    }

    /// As long as is wanted, but not to the limit: a client that does not play along is no reason to miss that.
    pub(crate) fn patience(&self, wanted: Duration) -> Duration {
        let Some(limit) = self.limit() else {
            return wanted;
        };
        let remaining = limit.saturating_duration_since(Instant::now());
        wanted.min(remaining.saturating_sub(BEFORE_THE_LIMIT.min(remaining / 10)))
    }

    pub(crate) fn limit(&self) -> Option<Instant> {
        self.limit.get().copied()
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        // No user code runs under the lock, so a poisoned list is a whole one.
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A connection that has been accepted.
    pub(super) fn admit(self: &Arc<Self>, peer: Option<SocketAddr>) -> Seat {
        let mut open = self.open();
        let entry = open.connections.vacant_entry();
        let connection = Arc::new(Connection::new(self.clone(), entry.key(), peer));
        entry.insert(connection.clone());
        drop(open);
        Seat::first(connection)
    }

    pub(super) fn remove(&self, key: usize) {
        let mut open = self.open();
        let connection = open.connections.remove(key);
        let ended = open.has_ended();
        drop(open);
        drop(connection);
        if ended {
            self.ended.notify_waiters();
        }
    }

    /// The listener is closed: nobody comes any more.
    pub(super) fn stopped_listening(&self) {
        let mut open = self.open();
        open.listening = false;
        let ended = open.has_ended();
        drop(open);
        if ended {
            self.ended.notify_waiters();
        }
    }

    /// Resolves once nothing is left, nor will come.
    pub(super) async fn has_ended(&self) {
        // Before the look: an end that comes between the two is not missed.
        let ended = self.ended.notified();
        let has_ended = self.open().has_ended();
        if !has_ended {
            ended.await;
        }
    }

    /// The connections that are open: a copy, so that looking at them holds up nobody.
    pub(super) fn connections(&self) -> Vec<Arc<Connection>> {
        let open = self.open();
        let connections = open.connections.iter();
        connections.map(|(_, one)| one.clone()).collect()
    }

    pub(super) fn connection_count(&self) -> usize {
        self.open().connections.len()
    }
}

impl Open {
    fn has_ended(&self) -> bool {
        !self.listening && self.connections.is_empty()
    }
}
