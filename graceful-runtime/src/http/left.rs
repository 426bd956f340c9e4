//! What is left of a server that closes, in words.

use super::connection::{Connection, Idle};
use super::shared::Shared;
use crate::words::{Age, Listing};
use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;
use tokio::time::Instant;

/// What hangs under one name: `2 × POST /orders (oldest 4.9 s)`.
struct Left {
    name: String,
    count: usize,
    oldest: Instant,
    now: Instant,
}

impl fmt::Display for Left {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let age = Age(self.now.saturating_duration_since(self.oldest));
        match self.count {
            1 => write!(f, "{} ({age})", self.name),
            count => write!(f, "{count} × {} (oldest {age})", self.name),
        }
    }
}

/// What is open; `None` where nothing is.
pub(super) fn summary(server: &Shared) -> Option<String> {
    let now = Instant::now();
    let mut names: BTreeMap<String, Left> = BTreeMap::new();
    let mut add = |name: String, began| {
        let left = names.entry(name.clone()).or_insert_with(|| Left {
            name,
            count: 0,
            oldest: began,
            now,
        });
        left.count += 1;
        left.oldest = left.oldest.min(began);
    };
    for connection in server.connections() {
        let in_flight = connection.in_flight();
        for request in &in_flight {
            add(request.to_string(), request.began);
        }
        if in_flight.is_empty() {
            add(idle(&connection), connection.accepted());
        }
    }
    let mut left: Vec<Left> = names.into_values().collect();
    // The most first, and of those that are as many the oldest.
    left.sort_by_key(|left| (std::cmp::Reverse(left.count), left.oldest));
    let total: usize = left.iter().map(|left| left.count).sum();
    if total == 0 {
        return None;
    }
    let left = format!("{total} in flight: {}", Listing(&left, ["name", "names"]));
    #[cfg(feature = "ws")]
    if let Some(forced) = forced(server) {
        return Some(format!("{left}; {forced}"));
    }
    Some(left)
}

/// How many WebSockets had to be closed without the client's answer; `None` where none had.
#[cfg(feature = "ws")]
pub(super) fn forced(server: &Shared) -> Option<String> {
    match server.forced() {
        0 => None,
        1 => Some("1 WebSocket did not answer its close".to_owned()),
        several => Some(format!("{several} WebSockets did not answer their close")),
    }
}

fn idle(connection: &Connection) -> String {
    let what = match connection.idle() {
        Idle::HalfAsked => "half a request",
        Idle::Silent => "a silent connection",
        Idle::Busy | Idle::Kept if connection.is_stuck() => "an answer that is not read",
        // Of a stream over HTTP/2 that somebody else has taken over, nothing is known but this.
        Idle::Busy | Idle::Kept if connection.is_upgraded() => "an upgraded stream",
        Idle::Busy | Idle::Kept => "an idle connection",
    };
    match connection.peer() {
        Some(peer) => format!("{what} from {}", address(peer)),
        None => what.to_owned(),
    }
}

/// Without the port: a client with many connections is one name.
fn address(peer: SocketAddr) -> String {
    peer.ip().to_canonical().to_string()
}
