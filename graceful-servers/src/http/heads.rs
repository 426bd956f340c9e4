//! Looks for requests whose heads do not come, while the server listens.

use super::connection::LOOKS;
use super::connections::Connections;
use std::convert::Infallible;
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::Builder;
use std::time::Duration;

/// How often all connections are looked at, at most: where a head may take no time at all.
const LEAST_TURN: Duration = Duration::from_millis(10);

/// A thread that looks, until this is dropped. With a timer of the runtime's, each sleep of the runtime would set one in the
/// kernel: after each request, where there is one client.
pub(super) struct Heads {
    _until_dropped: Sender<Infallible>,
}

impl Heads {
    pub(super) fn look(connections: Arc<Connections>, timeout: Duration) -> Self {
        let turn = (timeout / u32::from(LOOKS)).max(LEAST_TURN);
        let (until_dropped, dropped) = channel::<Infallible>();
        let looks = move || {
            while dropped.recv_timeout(turn) == Err(RecvTimeoutError::Timeout) {
                for connection in connections.all() {
                    connection.look_for_a_head();
                }
            }
        };
        let thread = Builder::new().name("graceful-heads".to_owned());
        if let Err(error) = thread.spawn(looks) {
            tracing::error!(
                target: "graceful",
                %error,
                "no thread for `header_read_timeout`: clients that send no request are kept"
            );
        }
        Self {
            _until_dropped: until_dropped,
        }
    }
}
