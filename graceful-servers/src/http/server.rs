//! The server: a field of the state.

use super::accept::Accepting;
use super::connections::Connections;
use super::cut_requests::{summary, undone};
use super::stage::Stage;
use futures_util::future::select;
use graceful_runtime::{Context, Drain, Reason, Result, SharedShutdown, Shutdown, drain};
use std::borrow::Cow;
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::thread::panicking;

/// An HTTP server that runs from the moment it is made, and drains when it is closed.
///
/// It is a handle: clones are the same server. When the last one is dropped, the server stops listening, and
/// what is in flight ends by itself; nobody waits for that, so keep it in the state.
///
/// ```no_run
/// use axum::{Router, routing::get};
/// use graceful::http::Server;
///
/// #[derive(graceful::Shutdown)]
/// struct App {
///     #[shutdown(timeout = "10s")]
///     http: Server,
/// }
///
/// #[graceful::main]
/// async fn main() -> std::io::Result<App> {
///     let routes = Router::new().route("/", get(|| async { "hello" }));
///     let http = Server::bind("0.0.0.0:3000").await?.serve(routes);
///     println!("listening on {}", http.local_addr()?);
///     Ok(App { http })
/// }
/// ```
///
/// # How it is closed
///
/// 1. **While the `delay` passes** (`#[graceful::main(delay = "5s")]`) it serves on. Answers over HTTP/1.1
///    say `Connection: close`, HTTP/2 connections that are idle are sent GOAWAY: clients come back over a new
///    connection, which a balancer sends elsewhere. An HTTP/2 client that never pauses, or has connected
///    meanwhile, is left alone until the next step.
/// 2. **When its step begins** it takes every connection that the kernel has accepted, and stops listening:
///    whoever comes later is refused. [`Stopping`](super::Stopping) tells the handlers.
/// 3. **What has begun is finished**: requests in flight, answers that are being sent, and the first
///    request of a connection that has been accepted. A connection without a request is closed
///    when it has been silent for the [`idle_grace`](super::Builder::idle_grace).
/// 4. **At the step's limit** the rest is cut, handlers included. The report names it:
///    `3 in flight: 2 × POST /orders (oldest 4.9 s), half a request from 10.0.0.7 (8.1 s)`.
///
/// After an answer that says `Connection: close`, a client's further requests on that connection are not
/// processed, whatever it has already sent: that is what the header means ([RFC 9112, section 9.6][close]), and how it
/// knows that it can send them again.
///
/// [close]: https://www.rfc-editor.org/rfc/rfc9112#section-9.6
#[derive(Clone)]
#[must_use = "it stops listening when it is dropped: keep it in the state"]
pub struct Server(Arc<Inner>);

struct Inner {
    connections: Arc<Connections>,
    local_addr: io::Result<SocketAddr>,
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.connections.enter(Stage::Closing);
    }
}

impl Server {
    pub(super) fn start(mut accepting: Accepting, name: Cow<'static, str>) -> Self {
        let connections = accepting.connections.clone();
        let local_addr = accepting.listener.local_addr();
        let open = connections.clone();
        tokio::spawn(async move {
            let _to_the_end = Listening {
                connections: open.clone(),
                name,
            };
            let closing = pin!(open.server().closing().cancelled());
            select(closing, pin!(accepting.accept())).await;
            let cut = pin!(open.server().cut().cancelled());
            select(cut, pin!(accepting.close())).await;
        });
        Self(Arc::new(Inner {
            connections,
            local_addr,
        }))
    }

    /// Where it listens; with port 0 in the address, which port it is.
    ///
    /// # Errors
    ///
    /// Of a Unix socket, which has no such address.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        match &self.0.local_addr {
            Ok(address) => Ok(*address),
            Err(error) => Err(io::Error::new(error.kind(), error.to_string())),
        }
    }

    /// How many requests are in flight, from their head to the last byte of their answer: a snapshot. Upgraded
    /// connections are not among them.
    pub fn in_flight(&self) -> usize {
        self.0.connections.request_count()
    }

    /// How many connections are open, upgraded ones included: a snapshot.
    pub fn connections(&self) -> usize {
        self.0.connections.count()
    }
}

/// While it lives, somebody may still be let in: also where the task panics.
struct Listening {
    connections: Arc<Connections>,
    name: Cow<'static, str>,
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.connections.stopped_listening();
        // A service that nobody can reach has to end, and be started again.
        let lifecycle = self.connections.server().lifecycle();
        if let Some(handle) = lifecycle.filter(|_| panicking()) {
            handle.request(Reason::CriticalTask {
                name: self.name.clone(),
                how: "panicked where it accepts connections".to_owned(),
            });
        }
    }
}

impl Shutdown for Server {
    async fn shutdown(self, cx: Context) -> Result {
        let connections = self.0.connections.clone();
        drain(connections.clone(), cx.clone()).await;
        if let Some(undone) = undone(connections.server()) {
            cx.note(undone);
        }
        Ok(())
    }
}

impl SharedShutdown for Server {
    fn shutdown_shared(self: Arc<Self>, cx: Context) -> impl Future<Output = Result> + Send {
        Arc::unwrap_or_clone(self).shutdown(cx)
    }
}

impl Drain for Connections {
    fn close(&self, cx: &Context) {
        self.close_until(cx.deadline());
    }

    fn ended(&self) -> impl Future<Output = ()> + Send {
        self.ended()
    }

    fn left(&self) -> Option<String> {
        summary(self)
    }

    fn in_flight(&self) -> Option<usize> {
        let connections = self.all();
        // As in the words: one that has no request is one.
        let requests = connections.iter().map(|one| one.request_count().max(1));
        Some(requests.sum())
    }

    fn cut(&self) {
        self.enter(Stage::Cut);
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server")
            .field("local_addr", &self.0.local_addr)
            .field("stage", &self.0.connections.server().stage())
            .field("connections", &self.connections())
            .finish_non_exhaustive()
    }
}
