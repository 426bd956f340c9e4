//! The close of a WebSocket when its server closes: the frame, the client's answer, the end.

use super::shared_socket::SharedSocket;
use crate::http::Stopping;
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, close_code};
use futures_util::Sink;
use futures_util::future::{Either, select};
use std::collections::hash_map::RandomState;
use std::future::poll_fn;
use std::hash::BuildHasher;
use std::pin::pin;
use std::time::Duration;
use tokio::task::unconstrained;
use tokio::time::sleep;

/// The longest reason that fits into a control frame (RFC 6455, section 5.5).
const REASON: usize = 123;

pub(super) struct CloseHandshake {
    pub(super) code: u16,
    pub(super) reason: Utf8Bytes,
    pub(super) timeout: Duration,
    pub(super) spread: Duration,
}

impl Default for CloseHandshake {
    fn default() -> Self {
        Self {
            code: close_code::AWAY,
            reason: Utf8Bytes::from_static("the server is shutting down"),
            timeout: Duration::from_secs(5),
            spread: Duration::ZERO,
        }
    }
}

/// As much of a reason as a frame can hold.
pub(super) fn fitting(mut reason: String) -> Utf8Bytes {
    let mut end = REASON.min(reason.len());
    while !reason.is_char_boundary(end) {
        end -= 1;
    }
    reason.truncate(end);
    reason.into()
}

impl CloseHandshake {
    /// Waits for the server's close, and for this socket's moment of the window; then closes it.
    pub(super) async fn run(self, socket: &SharedSocket, stopping: &Stopping) {
        stopping.requested().await;
        // The timers whatever the handler has left of the task's budget: with none left they would not be noticed, and
        // a client that never stops sending has the handler spend all of it each time.
        unconstrained(sleep(self.moment(stopping))).await;
        let limit = stopping.patience(self.timeout);
        socket.begin_to_close();
        let frame = Message::Close(Some(CloseFrame {
            code: self.code,
            reason: self.reason,
        }));
        let close = async {
            poll_fn(|task| socket.poll_socket(|socket| socket.poll_ready(task))).await?;
            // Refused where the handler or the client has begun to close: that is carried to its end.
            let _ = socket.send(frame);
            poll_fn(|task| socket.poll_socket(|socket| socket.poll_flush(task))).await?;
            poll_fn(|task| socket.poll_last_messages(task)).await;
            Ok::<_, axum::Error>(())
        };
        let (close, limit) = (pin!(close), pin!(unconstrained(sleep(limit))));
        if let Either::Left(((), _)) = select(limit, close).await {
            stopping.note_forced();
        }
        socket.end();
    }

    /// When this one's turn is, so that the clients do not all come back at once. What the client has to
    /// answer is kept free before the limit, or half of what remains, where that is less.
    fn moment(&self, stopping: &Stopping) -> Duration {
        let window = match stopping.remaining() {
            Some(remaining) => {
                let answer = self.timeout.min(remaining / 2);
                self.spread.min(remaining.saturating_sub(answer))
            }
            None => self.spread,
        };
        // Seeded anew for every hasher: random enough, without a crate more.
        let random = RandomState::new().hash_one(());
        let share = u32::try_from(random >> 32).unwrap_or_default();
        window.mul_f64(f64::from(share) / f64::from(u32::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_that_is_too_long_is_cut_between_two_characters() {
        assert_eq!(fitting("bye".to_owned()).as_str(), "bye");
        assert_eq!(fitting("ä".repeat(100)).as_str(), "ä".repeat(61));
    }
}
