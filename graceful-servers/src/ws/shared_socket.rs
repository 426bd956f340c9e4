//! The socket that a handler and the close handshake share.

use axum::Error;
use axum::extract::ws::{Message, WebSocket};
use futures_util::Sink;
use futures_util::Stream;
use std::collections::VecDeque;
use std::io;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker, ready};
use tokio::task::consume_budget;

/// What a client may still say after our close frame, before it answers that; the rest is discarded.
const LAST_MESSAGES: usize = 64;

/// Both ends: the handler's and the handshake's.
#[derive(Clone)]
pub(super) struct SharedSocket(Arc<Mutex<State>>);

struct State {
    /// `None` once it is closed.
    socket: Option<WebSocket>,
    /// From here on the handshake alone reads and writes.
    is_closing: bool,
    /// The handler has seen that its client has closed, or has gone.
    has_ended: bool,
    /// Nobody has the handler's end any more.
    is_let_go: bool,
    /// What the handshake has read, for the handler.
    received: VecDeque<Result<Message, Error>>,
    /// The handler, where it waits to read or to write.
    reader: Option<Waker>,
    writer: Option<Waker>,
    /// Who waits for the handler's end to be let go.
    keeper: Option<Waker>,
}

impl SharedSocket {
    pub(super) fn new(socket: WebSocket) -> Self {
        Self(Arc::new(Mutex::new(State {
            socket: Some(socket),
            is_closing: false,
            has_ended: false,
            is_let_go: false,
            received: VecDeque::new(),
            reader: None,
            writer: None,
            keeper: None,
        })))
    }

    // A mutex: the two run in one task, unless the handler moves its socket to another.
    fn state(&self) -> MutexGuard<'_, State> {
        // What panics under it is the socket, which then is not used any more: the handler sees it.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The handler's next message.
    pub(super) fn poll_receive(
        &self,
        task: &mut Context<'_>,
    ) -> Poll<Option<Result<Message, Error>>> {
        ready!(poll_budget(task));
        let mut state = self.state();
        if let Some(message) = state.received.pop_front() {
            return Poll::Ready(Some(message));
        }
        let is_closing = state.is_closing;
        let received = match &mut state.socket {
            None => return Poll::Ready(None),
            Some(_) if is_closing => Poll::Pending,
            Some(socket) => Pin::new(socket).poll_next(task),
        };
        match &received {
            Poll::Pending => remember(&mut state.reader, task),
            Poll::Ready(None | Some(Err(_) | Ok(Message::Close(_)))) => state.has_ended = true,
            Poll::Ready(Some(Ok(_))) => {}
        }
        received
    }

    /// Whether there is nobody left to tell of a close.
    pub(super) fn has_ended(&self) -> bool {
        self.state().has_ended
    }

    /// What the handler does to send.
    pub(super) fn poll_send<T>(
        &self,
        task: &mut Context<'_>,
        poll: impl FnOnce(Pin<&mut WebSocket>, &mut Context<'_>) -> Poll<Result<T, Error>>,
    ) -> Poll<Result<T, Error>> {
        let mut state = self.state();
        let is_closing = state.is_closing;
        let sent = match &mut state.socket {
            Some(socket) if !is_closing => poll(Pin::new(socket), task),
            _ => Poll::Ready(Err(closed())),
        };
        if sent.is_pending() {
            remember(&mut state.writer, task);
        }
        sent
    }

    pub(super) fn send(&self, message: Message) -> Result<(), Error> {
        let mut state = self.state();
        match &mut state.socket {
            Some(socket) => Pin::new(socket).start_send(message),
            None => Err(closed()),
        }
    }

    /// The handler's end is dropped.
    pub(super) fn let_go(&self) {
        let mut state = self.state();
        state.is_let_go = true;
        let keeper = state.keeper.take();
        drop(state);
        if let Some(keeper) = keeper {
            keeper.wake();
        }
    }

    /// Resolves once the handler's end is dropped, wherever that was taken.
    pub(super) fn poll_let_go(&self, task: &Context<'_>) -> Poll<()> {
        let mut state = self.state();
        if state.is_let_go {
            return Poll::Ready(());
        }
        remember(&mut state.keeper, task);
        Poll::Pending
    }

    /// From here on the handler only reads what is left.
    pub(super) fn begin_to_close(&self) {
        self.state().is_closing = true;
        self.wake();
    }

    /// What the handshake does with the socket; an error where it is closed.
    pub(super) fn poll_socket<T>(
        &self,
        poll: impl FnOnce(Pin<&mut WebSocket>) -> Poll<Result<T, Error>>,
    ) -> Poll<Result<T, Error>> {
        match &mut self.state().socket {
            Some(socket) => poll(Pin::new(socket)),
            None => Poll::Ready(Err(closed())),
        }
    }

    /// Reads to the client's answer and the end that follows it.
    pub(super) fn poll_last_messages(&self, task: &mut Context<'_>) -> Poll<()> {
        loop {
            ready!(poll_budget(task));
            let mut state = self.state();
            let Some(socket) = &mut state.socket else {
                return Poll::Ready(());
            };
            let Some(Ok(message)) = ready!(Pin::new(socket).poll_next(task)) else {
                return Poll::Ready(());
            };
            if state.received.len() < LAST_MESSAGES {
                state.received.push_back(Ok(message));
            }
            drop(state);
            self.wake();
        }
    }

    /// Closes the connection.
    pub(super) fn end(&self) {
        let mut state = self.state();
        let socket = state.socket.take();
        drop(state);
        drop(socket);
        self.wake();
    }

    fn wake(&self) {
        let mut state = self.state();
        let wakers = [state.reader.take(), state.writer.take()];
        drop(state);
        for waker in wakers.into_iter().flatten() {
            waker.wake();
        }
    }
}

/// Each message counts, as one of tokio's channels does: thousands of small ones come with one read of the socket, and
/// would keep the task from anything else meanwhile, its close first of all.
fn poll_budget(task: &mut Context<'_>) -> Poll<()> {
    pin!(consume_budget()).poll(task)
}

fn remember(place: &mut Option<Waker>, task: &Context<'_>) {
    match place {
        Some(known) => known.clone_from(task.waker()),
        None => *place = Some(task.waker().clone()),
    }
}

fn closed() -> Error {
    Error::new(io::Error::new(
        io::ErrorKind::NotConnected,
        "the WebSocket is closed: the server is closing",
    ))
}
