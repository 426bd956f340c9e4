//! What a client of HTTP/2 was sent, and may not have read yet: it need not say anything meanwhile, since the windows of
//! browsers are wider than most answers are long.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;
use tokio::time::Instant;

/// What the slowest line that is reckoned with takes in a millisecond: 32 KB a second.
const SLOW_LINE: u64 = 32;

/// So much is sent before the clock is looked at for it.
const STEP: usize = 16 * 1024;

// Relaxed, both: written by the task that looks at them, and read for the report.
pub(super) struct Unread {
    /// Since the clock was looked at.
    sent: AtomicUsize,
    /// When all before that has been read, in ms since the connection was accepted.
    read_at: AtomicU64,
    accepted: Instant,
}

impl Unread {
    pub(super) fn new(accepted: Instant) -> Self {
        Self {
            sent: AtomicUsize::new(0),
            read_at: AtomicU64::new(0),
            accepted,
        }
    }

    /// So many bytes more.
    #[inline]
    pub(super) fn sent(&self, bytes: usize) {
        let sent = self.sent.load(Ordering::Relaxed).saturating_add(bytes);
        if sent < STEP {
            self.sent.store(sent, Ordering::Relaxed);
        } else {
            self.sent.store(0, Ordering::Relaxed);
            self.take_time_for(sent);
        }
    }

    #[cold]
    fn take_time_for(&self, bytes: usize) {
        let begins = self.read_at.load(Ordering::Relaxed).max(self.now());
        let takes = u64::try_from(bytes).unwrap_or(u64::MAX) / SLOW_LINE;
        self.read_at
            .store(begins.saturating_add(takes), Ordering::Relaxed);
    }

    /// How long it may take the client to read what it was sent; zero where it has read all but some kilobytes.
    pub(super) fn takes(&self) -> Duration {
        let read_at = self.read_at.load(Ordering::Relaxed);
        Duration::from_millis(read_at.saturating_sub(self.now()))
    }

    fn now(&self) -> u64 {
        u64::try_from(self.accepted.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::time::advance;

    #[tokio::test(start_paused = true)]
    async fn what_was_sent_is_read_as_fast_as_a_slow_line_takes_it() {
        let unread = Unread::new(Instant::now());
        advance(Duration::from_secs(60)).await;
        unread.sent(STEP - 1);
        assert_eq!(unread.takes(), Duration::ZERO);
        unread.sent(1);
        assert_eq!(unread.takes(), Duration::from_millis(512));
        advance(Duration::from_millis(500)).await;
        unread.sent(320_000);
        assert_eq!(unread.takes(), Duration::from_millis(10_012));
        advance(Duration::from_secs(11)).await;
        assert_eq!(unread.takes(), Duration::ZERO);
    }
}
