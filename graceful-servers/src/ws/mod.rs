//! WebSockets that are closed with a frame: [`WebSocketUpgrade`] in the place of axum's extractor.
//!
//! When the server closes, every open WebSocket is sent a close frame, 1001 "going away" unless told
//! otherwise, and its client has some time to answer it. Only then the connection is closed. The server
//! waits for the handlers too, and names those that do not end. While it closes, new upgrades are
//! refused with 503.
//!
//! Without this a WebSocket is nobody's: hyper has handed the connection on, and calls it drained.

mod close_handshake;
mod shared_socket;
mod socket;
mod upgrade;

pub use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, close_code};
pub use socket::WebSocket;
pub use upgrade::WebSocketUpgrade;
