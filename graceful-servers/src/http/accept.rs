//! The server's own task: it accepts, and when the server closes takes whom the kernel has accepted.

use super::connections::Connections;
use super::heads::Heads;
use super::io::Io;
use super::listener::Listener;
use super::stage::Stage;
use futures_util::future::select;
use graceful_runtime::Phase;
use std::future::pending;
use std::io::{self, ErrorKind, Write as _};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::coop::consume_budget;
use tokio::time::{Instant, sleep};
use tracing::dispatcher::{self, Dispatch};
use tracing::subscriber::NoSubscriber;

/// What a process that has no file left waits before it tries again.
const PAUSE: Duration = Duration::from_millis(100);

/// What the last handshakes have to end: some round trips between machines that stand side by side.
const STRAGGLERS: Duration = Duration::from_millis(20);

/// How long a process that has no file left waits for one when the server closes. A client that asks for a connection meanwhile
/// asks again after a second, and is to be refused then.
const FILES: Duration = Duration::from_millis(500);

/// What serves a connection, in a task of its own.
pub(super) type Serve = Box<dyn FnMut(Io) + Send>;

pub(super) struct Accepting {
    pub(super) listener: Listener,
    pub(super) header_read_timeout: Duration,
    pub(super) permits: Option<Arc<Semaphore>>,
    pub(super) connections: Arc<Connections>,
    pub(super) serve: Serve,
}

impl Accepting {
    /// Accepts for ever, takes note of the stop, and looks for requests that don't come.
    pub(super) async fn accept(&mut self) {
        let connections = self.connections.clone();
        let _looks = Heads::look(connections.clone(), self.header_read_timeout);
        let draining = async {
            if let Some(handle) = connections.server().lifecycle() {
                handle.reached(Phase::Draining).await;
                connections.enter(Stage::Draining);
            }
            pending::<()>().await;
        };
        select(pin!(draining), pin!(self.accept_on())).await;
    }

    async fn accept_on(&mut self) {
        let mut trouble = Trouble::default();
        loop {
            let permit = acquire(self.permits.as_ref()).await;
            match self.listener.accept().await {
                Ok((stream, peer)) => {
                    trouble.has_passed();
                    let seat = self.connections.admit(peer);
                    (self.serve)(Io::new(stream, seat, permit));
                }
                Err(error) if has_gone(&error) => {}
                Err(error) => {
                    trouble.tell(&error);
                    sleep(PAUSE).await;
                }
            }
        }
    }

    /// Takes those whom the kernel has accepted, closes the listener, and serves them as far as there may be so many: nobody
    /// waits at a closed door meanwhile.
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
        let mut taken = Vec::new();
        let began = Instant::now();
        loop {
            match last.accept() {
                Ok((stream, peer)) => {
                    let seat = self.connections.admit(peer);
                    // At once where it may be: it is the first ones that free files.
                    match self.permits.clone().map(Semaphore::try_acquire_owned) {
                        None => (self.serve)(Io::new(stream, seat, None)),
                        Some(Ok(permit)) => (self.serve)(Io::new(stream, seat, Some(permit))),
                        Some(Err(_)) => taken.push((stream, seat)),
                    }
                    // Where they come without end, to a listener that was handed in, the limit ends it.
                    consume_budget().await;
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) if has_gone(&error) => {}
                Err(_) if began.elapsed() < FILES => sleep(PAUSE / 4).await,
                Err(error) => {
                    tracing::error!(target: "graceful", %error, "connections that wait are lost");
                    break;
                }
            }
        }
        drop(last);
        for (stream, seat) in taken {
            let permit = acquire(self.permits.as_ref()).await;
            (self.serve)(Io::new(stream, seat, permit));
        }
    }
}

async fn acquire(permits: Option<&Arc<Semaphore>>) -> Option<OwnedSemaphorePermit> {
    // Nobody closes the semaphore.
    permits?.clone().acquire_owned().await.ok()
}

/// A client that has gone already costs nobody time.
fn has_gone(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset | ErrorKind::Interrupted
    )
}

/// What else there is (no file left, no memory) passes as connections end. Said when it begins, not at every attempt.
#[derive(Default)]
struct Trouble {
    is_told: bool,
    is_shown: bool,
}

impl Trouble {
    fn tell(&mut self, error: &io::Error) {
        if !self.is_told {
            self.is_told = true;
            tracing::error!(target: "graceful", %error, "connections can't be accepted");
        }
        // A service that refuses everybody is not to be silent because it has no log.
        if !self.is_shown && dispatcher::get_default(Dispatch::is::<NoSubscriber>) {
            self.is_shown = true;
            let line = format!(
                "graceful: connections can't be accepted, and wait: {error}; where files are what is missing, \
                 raise their limit (`ulimit -n`) or lower `max_connections`\n"
            );
            // Not by `eprintln`, which panics where the reader is gone: the listener would be closed by it.
            drop(io::stderr().write_all(line.as_bytes()));
        }
    }

    fn has_passed(&mut self) {
        self.is_told = false;
    }
}
