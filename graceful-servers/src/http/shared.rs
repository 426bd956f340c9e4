//! What all connections of one server share: where it stands, and what becomes of it.

use super::stage::Stage;
use graceful_runtime::{Handle, Phase};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};
use std::time::Duration;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// What handlers have to end in once their clients are gone: a tenth of the time that remains, and this at most. On a
/// busy machine each of them has to wait for its turn.
const BEFORE_THE_LIMIT: Duration = Duration::from_secs(1);

pub(crate) struct Shared {
    stage: AtomicU8,
    /// Cancelled when the server begins to close.
    closing: CancellationToken,
    /// Cancelled at the limit.
    cut: CancellationToken,
    /// WebSockets that were closed without the client's answer. Relaxed: a number for the report.
    #[cfg(feature = "ws")]
    forced: AtomicUsize,
    /// Streams of gRPC that did not end by themselves. Relaxed: as above.
    #[cfg(feature = "grpc")]
    ended: AtomicUsize,
    /// Requests that their clients did not finish, nor will. Relaxed: as above.
    unfinished: AtomicUsize,
    /// How many requests were in flight when it began to close. Relaxed: the stage that follows publishes it.
    #[cfg(feature = "grpc")]
    in_flight: AtomicUsize,
    /// When what is left is cut; set before it begins to close, where it is known.
    limit: OnceLock<Instant>,
    lifecycle: Option<Handle>,
    pub(super) half_close_grace: Duration,
}

impl Shared {
    pub(super) fn new(lifecycle: Option<Handle>, half_close_grace: Duration) -> Self {
        Self {
            stage: AtomicU8::new(Stage::Serving as u8),
            closing: CancellationToken::new(),
            cut: CancellationToken::new(),
            #[cfg(feature = "ws")]
            forced: AtomicUsize::new(0),
            #[cfg(feature = "grpc")]
            ended: AtomicUsize::new(0),
            unfinished: AtomicUsize::new(0),
            #[cfg(feature = "grpc")]
            in_flight: AtomicUsize::new(0),
            limit: OnceLock::new(),
            lifecycle,
            half_close_grace,
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

    /// Whether nothing of a stop has been entered yet: connections are woken for that.
    #[inline]
    pub(super) fn is_serving(&self) -> bool {
        // Acquire: as above.
        self.stage.load(Ordering::Acquire) == Stage::Serving as u8
    }

    /// Whether clients are asked to go elsewhere.
    #[inline]
    pub(super) fn leaves(&self) -> bool {
        !self.is_serving() || self.is_draining()
    }

    pub(super) fn is_cut(&self) -> bool {
        // Acquire: as above.
        self.stage.load(Ordering::Acquire) == Stage::Cut as u8
    }

    fn is_draining(&self) -> bool {
        let lifecycle = self.lifecycle.as_ref();
        lifecycle.is_some_and(|handle| handle.phase() >= Phase::Draining)
    }

    /// Whether this is news.
    pub(super) fn enter(&self, next: Stage) -> bool {
        let before = self.stage.fetch_max(next as u8, Ordering::AcqRel);
        if before >= next as u8 {
            return false;
        }
        if next >= Stage::Closing {
            self.closing.cancel();
        }
        if next == Stage::Cut {
            self.cut.cancel();
        }
        true
    }

    /// To be set before it begins to close.
    pub(super) fn set_limit(&self, limit: Instant) {
        // The first one counts: closing is asked for once.
        let _ = self.limit.set(limit);
    }

    /// To be noted before it begins to close.
    #[cfg(feature = "grpc")]
    pub(super) fn note_in_flight(&self, requests: usize) {
        self.in_flight.store(requests, Ordering::Relaxed);
    }

    /// How many requests were in flight when it began to close.
    #[cfg(feature = "grpc")]
    pub(crate) fn in_flight_at_close(&self) -> usize {
        self.in_flight.load(Ordering::Relaxed)
    }

    pub(crate) fn closing(&self) -> &CancellationToken {
        &self.closing
    }

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

    #[cfg(feature = "grpc")]
    pub(crate) fn note_ended(&self) {
        self.ended.fetch_add(1, Ordering::Relaxed);
    }

    #[cfg(feature = "grpc")]
    pub(super) fn ended(&self) -> usize {
        self.ended.load(Ordering::Relaxed)
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
}
