//! What the servers and the clients of the load tests share.

#![cfg(unix)]

mod balancer;
pub mod echo;
mod grpc;

mod one_address;
// The same for all tests whose servers are told which port to take: one source.
#[path = "../clients/kit/ports.rs"]
mod ports;
mod readiness;
mod reconnecting;
mod replica;
mod rolling;
#[cfg(target_os = "linux")]
mod small_pod;
mod tally;
mod tls;
mod websockets;

pub use balancer::{Balancer, Kind};
pub use grpc::{Called, restart_grpc};
pub use one_address::{Ends, Protocol, Seen, restart_one_address};
pub use readiness::ready_for_after_the_signal;
pub use reconnecting::{reconnect_through_a_stop, status_of};
pub use replica::Replica;
pub use rolling::{Rolled, restart_under_load};
#[cfg(target_os = "linux")]
pub use small_pod::SmallPod;
pub use tally::Tally;
pub use tls::{CERTIFICATES, make_certificate, server_tls};
pub use websockets::{Closed, close_websockets};

use axum::Router;
use axum::body::Body;
use axum::routing::get;
use futures_util::Stream;
use std::convert::Infallible;
use std::env;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::time::sleep;

/// Where a server listens: at `PORT`, or at a port that is free.
///
/// # Panics
///
/// Where `PORT` is no number.
pub fn address() -> SocketAddr {
    let port = env::var("PORT").map_or(0, |port| port.parse().expect("PORT is a number"));
    SocketAddr::from(([127, 0, 0, 1], port))
}

/// How long a plain server is to serve on after the signal, as its authors would write it: what `GRACEFUL_DELAY` is for the
/// others.
///
/// # Panics
///
/// Where `GRACEFUL_DELAY` is no number of milliseconds.
pub fn delay() -> Duration {
    let delay = env::var("GRACEFUL_DELAY").unwrap_or_else(|_| "0ms".to_owned());
    let number = delay.strip_suffix("ms").and_then(|text| text.parse().ok());
    Duration::from_millis(number.expect("GRACEFUL_DELAY is a number of milliseconds"))
}

/// What every server answers: `/` after some milliseconds, as a service does that asks a database.
pub fn routes() -> Router {
    let work = || async {
        sleep(Duration::from_millis(5)).await;
        "done"
    };
    Router::new()
        .route("/", get(work).post(work))
        .route("/fast", get(|| async { "done" }))
        .route("/lines", get(async || Body::from_stream(lines())))
}

/// A line every 20 ms, for ever.
fn lines() -> impl Stream<Item = Result<&'static str, Infallible>> + Send {
    futures_util::stream::unfold((), |()| async {
        sleep(Duration::from_millis(20)).await;
        Some((Ok("line\n"), ()))
    })
}
