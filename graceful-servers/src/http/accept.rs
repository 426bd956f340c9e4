//! The server's own task: it accepts, and when the server closes takes whom the kernel has accepted.

use super::io::Io;
use super::listener::Listener;
use super::shared::Shared;
use super::stage::Stage;
use futures_util::future::select;
use graceful_runtime::Phase;
use std::future::pending;
use std::io::{self, ErrorKind};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::sleep;

/// What a process that has no file left waits before it tries again.
const PAUSE: Duration = Duration::from_millis(100);

/// What the last handshakes have to end: some round trips between machines that stand side by side.
const STRAGGLERS: Duration = Duration::from_millis(20);

/// What serves a connection, in a task of its own.
pub(super) type Serve = Box<dyn FnMut(Io) + Send>;

pub(super) struct Accepting {
    pub(super) listener: Listener,
    pub(super) permits: Option<Arc<Semaphore>>,
    pub(super) server: Arc<Shared>,
    pub(super) serve: Serve,
}

impl Accepting {
    /// Accepts for ever, and takes note of the stop.
    pub(super) async fn accept(&mut self) {
        let server = self.server.clone();
        let draining = async {
            if let Some(handle) = server.lifecycle() {
                handle.reached(Phase::Draining).await;
                server.enter(Stage::Draining);
            }
            pending::<()>().await;
        };
        select(pin!(draining), pin!(self.accept_on())).await;
    }

    async fn accept_on(&mut self) {
        loop {
            let permit = acquire(self.permits.as_ref()).await;
            match self.listener.accept().await {
                Ok((stream, peer)) => {
                    let seat = self.server.admit(peer);
                    (self.serve)(Io::new(stream, seat, permit));
                }
                Err(error) => pause_after(&error).await,
            }
        }
    }

    /// Takes those whom the kernel has accepted, and closes the listener.
    pub(super) async fn close(mut self) {
        let last = match self.listener.last() {
            Ok(last) => last,
            Err(error) => {
                tracing::error!(target: "graceful", %error, "the last connections are lost");
                return;
            }
        };
        if last.has_stragglers() {
            sleep(STRAGGLERS).await;
        }
        loop {
            let permit = acquire(self.permits.as_ref()).await;
            match last.accept() {
                Ok((stream, peer)) => {
                    let seat = self.server.admit(peer);
                    (self.serve)(Io::new(stream, seat, permit));
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => return,
                Err(error) => pause_after(&error).await,
            }
        }
    }
}

async fn acquire(permits: Option<&Arc<Semaphore>>) -> Option<OwnedSemaphorePermit> {
    // Nobody closes the semaphore.
    permits?.clone().acquire_owned().await.ok()
}

/// A client that has gone already costs nobody time. What else there is (no file left, no memory) passes as
/// connections end, and would keep the loop spinning until then.
async fn pause_after(error: &io::Error) {
    let has_gone = matches!(
        error.kind(),
        ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset | ErrorKind::Interrupted
    );
    if !has_gone {
        tracing::error!(target: "graceful", %error, "a connection can't be accepted");
        sleep(PAUSE).await;
    }
}
