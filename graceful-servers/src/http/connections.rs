//! The connections of a server, and the stages that they are taken through.

use super::connection::{Connection, Seat};
use super::registry::Registry;
use super::shared::Shared;
use super::stage::Stage;
use graceful_runtime::Handle;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

pub(super) struct Connections {
    server: Arc<Shared>,
    open: Arc<Registry<Connection>>,
}

impl Connections {
    pub(super) fn new(lifecycle: Option<Handle>, half_close_grace: Duration) -> Self {
        Self {
            server: Arc::new(Shared::new(lifecycle, half_close_grace)),
            open: Arc::new(Registry::new()),
        }
    }

    pub(super) fn server(&self) -> &Shared {
        &self.server
    }

    /// A connection that has been accepted.
    pub(super) fn admit(&self, peer: Option<SocketAddr>) -> Seat {
        let connection = |key| Connection::new(self.server.clone(), self.open.clone(), key, peer);
        Seat::first(self.open.insert(connection))
    }

    pub(super) fn enter(&self, next: Stage) {
        if self.server.enter(next) {
            // A connection that comes later looks at the stage before it waits for anything.
            for connection in self.all() {
                connection.wake();
            }
        }
    }

    /// Begins to close; what is left at the limit is cut by the caller.
    pub(super) fn close_until(&self, limit: Instant) {
        self.server.set_limit(limit);
        #[cfg(feature = "grpc")]
        self.server.note_in_flight(self.request_count());
        self.enter(Stage::Closing);
    }

    /// The listener is closed: nobody comes any more.
    pub(super) fn stopped_listening(&self) {
        self.open.close();
    }

    /// Resolves once nothing is left, nor will come.
    pub(super) async fn ended(&self) {
        self.open.ended().await;
    }

    pub(super) fn have_ended(&self) -> bool {
        self.open.has_ended()
    }

    pub(super) fn all(&self) -> Vec<Arc<Connection>> {
        self.open.all()
    }

    /// How many requests are in flight; upgraded connections are none.
    pub(super) fn request_count(&self) -> usize {
        self.all().iter().map(|one| one.request_count()).sum()
    }

    pub(super) fn count(&self) -> usize {
        self.open.count()
    }
}
