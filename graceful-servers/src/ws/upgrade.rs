//! The extractor that begins a WebSocket.

use super::close_handshake::{CloseHandshake, fitting};
use super::shared_socket::SharedSocket;
use super::socket::WebSocket;
use crate::http::Stopping;
use axum::extract::FromRequestParts;
use axum::extract::ws;
use axum::http::header::{CONNECTION, RETRY_AFTER};
use axum::http::request::Parts;
use axum::http::{StatusCode, Version};
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt as _;
use futures_util::future::select;
use std::fmt;
use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

/// Begins a WebSocket, as [axum's extractor](axum::extract::ws::WebSocketUpgrade) does, whose client is told when
/// the server closes.
///
/// ```
/// use axum::response::Response;
/// use axum::{Router, routing::any};
/// use graceful::ws::{WebSocket, WebSocketUpgrade};
/// use std::time::Duration;
///
/// async fn chat(upgrade: WebSocketUpgrade) -> Response {
///     upgrade
///         .close_spread(Duration::from_secs(5)) // not all clients come back at once
///         .on_upgrade(echo)
/// }
///
/// async fn echo(mut socket: WebSocket) {
///     while let Some(Ok(message)) = socket.recv().await {
///         if socket.send(message).await.is_err() {
///             break;
///         }
///     }
/// }
/// # let _: Router = Router::new().route("/chat", any(chat));
/// ```
///
/// It needs a [`Server`](crate::http::Server), which waits for the handler and names it where it does not end.
/// Under another server the frame is sent when the lifecycle closes, but nobody waits for that.
///
/// While the server closes, it rejects the request with 503.
#[must_use = "nothing is upgraded until `on_upgrade` is called"]
pub struct WebSocketUpgrade {
    upgrade: ws::WebSocketUpgrade,
    stopping: Stopping,
    close: CloseHandshake,
}

impl<S: Send + Sync> FromRequestParts<S> for WebSocketUpgrade {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let Ok(stopping) = Stopping::from_request_parts(parts, state).await;
        if stopping.is_stopping() {
            let refused = (StatusCode::SERVICE_UNAVAILABLE, [(RETRY_AFTER, "1")]);
            return Err(if parts.version <= Version::HTTP_11 {
                ([(CONNECTION, "close")], refused).into_response()
            } else {
                refused.into_response()
            });
        }
        let upgrade = ws::WebSocketUpgrade::from_request_parts(parts, state).await;
        Ok(Self {
            upgrade: upgrade.map_err(IntoResponse::into_response)?,
            stopping,
            close: CloseHandshake::default(),
        })
    }
}

impl WebSocketUpgrade {
    /// What axum's own extractor can be told: subprotocols, sizes of messages and buffers.
    pub fn configure(
        mut self,
        configure: impl FnOnce(ws::WebSocketUpgrade) -> ws::WebSocketUpgrade,
    ) -> Self {
        self.upgrade = configure(self.upgrade);
        self
    }

    /// The code that the client is closed with, of those that [RFC 6455, section 7.4][codes] and its registry know. Default:
    /// 1001, "going away"; 1012 is "service restart" ([`close_code`](super::close_code)).
    ///
    /// [codes]: https://www.rfc-editor.org/rfc/rfc6455#section-7.4
    pub fn close_code(mut self, code: u16) -> Self {
        self.close.code = code;
        self
    }

    /// The reason that the client is told; the 123 bytes of it that a frame can hold. Default: "the server is
    /// shutting down".
    pub fn close_reason(mut self, reason: impl Into<String>) -> Self {
        self.close.reason = fitting(reason.into());
        self
    }

    /// How long the client has to take the frame and to answer it; then the connection is closed all the
    /// same, and counted in the report. Default: 5 s, and in any case shortly before the server's limit, so that
    /// its handler can end in time.
    pub fn close_timeout(mut self, timeout: Duration) -> Self {
        self.close.timeout = timeout;
        self
    }

    /// Spreads the closes over this window, so that the clients do not all connect again at the same
    /// moment: each is closed at a random one. It never takes the time that the close itself may take from
    /// the server's limit. Default: none.
    pub fn close_spread(mut self, window: Duration) -> Self {
        self.close.spread = window;
        self
    }

    /// The response that upgrades; `handler` runs in a task of its own, for which the server waits, as it does for the socket
    /// where the handler has handed that to somebody else.
    pub fn on_upgrade<F, Fut>(self, handler: F) -> Response
    where
        F: FnOnce(WebSocket) -> Fut + Send + 'static,
        Fut: Future<Output = ()> + Send + 'static,
    {
        let Self {
            upgrade,
            stopping,
            close,
        } = self;
        let held = stopping.hold();
        upgrade.on_upgrade(move |socket| async move {
            let _to_the_end = held;
            let protocol = socket.protocol().cloned();
            let shared = SharedSocket::new(socket);
            let handler = handler(WebSocket {
                socket: shared.clone(),
                protocol,
            });
            let both = pin!(both(handler, &shared, &stopping, close));
            select(pin!(stopping.cut()), both).await;
        })
    }
}

/// Runs the handler to its end, and once the server closes the close handshake too.
async fn both(
    handler: impl Future<Output = ()>,
    socket: &SharedSocket,
    stopping: &Stopping,
    close: CloseHandshake,
) {
    // Dropped at its end: it may still have the socket.
    let (mut handler, mut close) = (pin!(handler.fuse()), pin!(close.run(socket, stopping)));
    let (mut is_handled, mut is_closed) = (false, false);
    poll_fn(|task| {
        // First, while the task's budget is whole.
        is_closed = is_closed || close.as_mut().poll(task).is_ready();
        is_handled = is_handled || handler.as_mut().poll(task).is_ready();
        if !is_handled {
            return Poll::Pending;
        }
        // The handler's own end: dropping the socket closes it, as it always did. While the server closes, its client is to
        // be told first, at the moment that is its own.
        let is_over =
            socket.poll_let_go(task).is_ready() && (socket.has_ended() || !stopping.is_stopping());
        if is_over || is_closed {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    })
    .await;
}

impl fmt::Debug for WebSocketUpgrade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebSocketUpgrade")
            .field("upgrade", &self.upgrade)
            .field("stopping", &self.stopping)
            .finish_non_exhaustive()
    }
}
