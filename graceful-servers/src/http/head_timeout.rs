//! How long a connection is kept whose client sends no request.

use super::connection::Connection;
use super::timer::poll_timer;
use std::pin::Pin;
use std::task::Context;
use std::time::Duration;
use tokio::time::{Instant, Sleep, sleep};

/// Looks so often within the timeout, instead of setting a timer for each request: hyper's own does that,
/// which is an eighth of a small request's instructions, and has none before it knows the protocol.
const LOOKS: u32 = 4;

pub(super) struct HeadTimeout {
    timeout: Duration,
    look: Pin<Box<Sleep>>,
    is_set: bool,
    /// How many requests had come at the last look, and how long there have been no more.
    asked: u32,
    waited: Duration,
}

impl HeadTimeout {
    pub(super) fn new(timeout: Duration) -> Self {
        Self {
            timeout,
            look: Box::pin(sleep(timeout / LOOKS)),
            is_set: false,
            asked: 0,
            waited: Duration::ZERO,
        }
    }

    /// Whether it is too early to look, and the task will be woken for it.
    pub(super) fn is_running(&self) -> bool {
        self.is_set && !self.look.is_elapsed()
    }

    /// Whether the client has had its time. Wakes the task when it is to ask again.
    pub(super) fn has_passed(&mut self, connection: &Connection, task: &mut Context<'_>) -> bool {
        // Polled only to be set, and when it has come.
        while !self.is_running() {
            self.is_set = true;
            if poll_timer(self.look.as_mut(), task).is_pending() {
                return false;
            }
            if self.has_waited_enough(connection) {
                return true;
            }
            let next = Instant::now() + self.timeout / LOOKS;
            self.look.as_mut().reset(next);
            self.is_set = false;
        }
        false
    }

    fn has_waited_enough(&mut self, connection: &Connection) -> bool {
        match connection.asked_while_idle() {
            Some(asked) if asked == self.asked => self.waited += self.timeout / LOOKS,
            Some(asked) => {
                self.asked = asked;
                self.waited = Duration::ZERO;
            }
            None => self.waited = Duration::ZERO,
        }
        self.waited >= self.timeout
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::connections::Connections;
    use std::future::poll_fn;
    use std::pin::pin;
    use std::task::Poll;
    use tokio::task::consume_budget;
    use tokio::time::timeout;

    const TIMEOUT: Duration = Duration::from_secs(8);

    #[tokio::test(start_paused = true)]
    async fn it_passes_though_the_first_request_has_spent_the_budget() {
        let seat = Connections::new(None).admit(None);
        let mut head = HeadTimeout::new(TIMEOUT);
        let mut is_first = true;
        let passes = poll_fn(|task| {
            while is_first && pin!(consume_budget()).poll(task).is_ready() {}
            is_first = false;
            if head.has_passed(seat.connection(), task) {
                return Poll::Ready(());
            }
            Poll::Pending
        });
        assert!(timeout(TIMEOUT * 2, passes).await.is_ok());
    }
}
