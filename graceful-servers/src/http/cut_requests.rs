//! What is left of a server that closes, and is cut at the limit, in words.

use super::connection::{Connection, Idle};
use super::connections::Connections;
use super::request::Kind;
use super::shared::Shared;
use graceful_runtime::Summary;
use std::net::SocketAddr;

/// Where more time is of no use: it ends when its handler does.
const UPGRADED: &str = "an upgraded connection is told of no stop: take `graceful::ws`, or await `graceful::requested()` in its handler";

/// What is open; `None` where nothing is.
pub(super) fn summary(connections: &Connections) -> Option<String> {
    let (mut left, mut has_upgraded) = (Summary::default(), false);
    for connection in connections.all() {
        let in_flight = connection.in_flight();
        has_upgraded |= in_flight.iter().any(|one| one.kind == Kind::Upgraded);
        if in_flight.is_empty() {
            left.extend([(idle(&connection), connection.accepted())]);
        }
        left.extend(in_flight.iter().map(|one| (one.to_string(), one.began)));
    }
    let left = match left.in_words() {
        Some(left) => left,
        // Who waits in the kernel's queue is not known before that is taken.
        None if !connections.have_ended() => "it still listens".to_owned(),
        None => return None,
    };
    let undone = undone(connections.server());
    let words = [
        Some(left),
        has_upgraded.then(|| UPGRADED.to_owned()),
        undone,
    ];
    Some(words.into_iter().flatten().collect::<Vec<_>>().join("; "))
}

/// What clients and handlers did not do that they were to; `None` where they did all.
pub(super) fn undone(server: &Shared) -> Option<String> {
    let mut undone = Vec::new();
    match server.unfinished() {
        0 => {}
        1 => undone.push("1 client did not finish its request".to_owned()),
        several => undone.push(format!("{several} clients did not finish their requests")),
    }
    #[cfg(feature = "ws")]
    match server.forced() {
        0 => {}
        1 => undone.push("1 WebSocket did not answer its close".to_owned()),
        several => undone.push(format!("{several} WebSockets did not answer their close")),
    }
    #[cfg(feature = "grpc")]
    match server.ended() {
        0 => {}
        1 => undone.push("1 stream did not end by itself".to_owned()),
        several => undone.push(format!("{several} streams did not end by themselves")),
    }
    (!undone.is_empty()).then(|| undone.join("; "))
}

fn idle(connection: &Connection) -> String {
    let what = match connection.idle() {
        Idle::HalfAsked => "half a request",
        Idle::Silent => "a silent connection",
        Idle::Busy | Idle::Kept if connection.is_stuck() => "an answer that is not read",
        // Of a stream over HTTP/2 that somebody else has taken over, nothing is known but this.
        Idle::Busy | Idle::Kept if connection.is_upgraded() => "an upgraded stream",
        Idle::Busy | Idle::Kept if is_reading(connection) => "an answer that is not read",
        Idle::Busy | Idle::Kept if connection.is_http2() && connection.was_told() => {
            "an HTTP/2 client that was told to go and goes on sending"
        }
        Idle::Busy | Idle::Kept => "an idle connection",
    };
    match connection.peer() {
        Some(peer) => format!("{what} from {}", address(peer)),
        None => what.to_owned(),
    }
}

/// Whether a client of HTTP/2 that has no request may still have an answer to read.
fn is_reading(connection: &Connection) -> bool {
    connection.has_acknowledged() || !connection.unread().takes().is_zero()
}

/// Without the port: a client with many connections is one name.
fn address(peer: SocketAddr) -> String {
    peer.ip().to_canonical().to_string()
}
