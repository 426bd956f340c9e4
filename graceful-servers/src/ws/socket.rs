//! A WebSocket, as its handler sees it.

use super::shared_socket::SharedSocket;
use axum::Error;
use axum::extract::ws::Message;
use axum::http::HeaderValue;
use futures_util::Sink;
use futures_util::Stream;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};

/// A stream and a sink of messages, as axum's own; split it with `futures_util::StreamExt::split`.
///
/// When the server closes, the close frame is sent whatever the handler does at that moment. From then on
/// sending fails, and receiving yields what the client says until it has answered, then `None`: a
/// handler that reads to the end ends with it. So it is where a handler has handed it to another task, and has returned.
pub struct WebSocket {
    pub(super) socket: SharedSocket,
    pub(super) protocol: Option<HeaderValue>,
}

impl WebSocket {
    /// The next message; `None` once the connection is closed.
    ///
    /// # Cancel safety
    ///
    /// No message is lost where it is dropped.
    pub async fn recv(&mut self) -> Option<Result<Message, Error>> {
        poll_fn(|task| self.socket.poll_receive(task)).await
    }

    /// Sends a message.
    ///
    /// # Errors
    ///
    /// The connection has failed, or is closing.
    ///
    /// # Cancel safety
    ///
    /// Dropped, the message may have been sent or not.
    pub async fn send(&mut self, message: Message) -> Result<(), Error> {
        poll_fn(|task| Pin::new(&mut *self).poll_ready(task)).await?;
        Pin::new(&mut *self).start_send(message)?;
        poll_fn(|task| Pin::new(&mut *self).poll_flush(task)).await
    }

    /// The subprotocol that was chosen, if one was.
    pub fn protocol(&self) -> Option<&HeaderValue> {
        self.protocol.as_ref()
    }
}

impl Drop for WebSocket {
    fn drop(&mut self) {
        self.socket.let_go();
    }
}

impl Stream for WebSocket {
    type Item = Result<Message, Error>;

    fn poll_next(self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.socket.poll_receive(task)
    }
}

impl Sink<Message> for WebSocket {
    type Error = Error;

    fn poll_ready(self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.socket.poll_send(task, Sink::poll_ready)
    }

    fn start_send(self: Pin<&mut Self>, message: Message) -> Result<(), Error> {
        self.socket.send(message)
    }

    fn poll_flush(self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.socket.poll_send(task, Sink::poll_flush)
    }

    fn poll_close(self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.socket.poll_send(task, Sink::poll_close)
    }
}

impl fmt::Debug for WebSocket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebSocket")
            .field("protocol", &self.protocol)
            .finish_non_exhaustive()
    }
}
