//! Starts real servers, and services that hold a client of them.

#[cfg(feature = "servers")]
mod holder;
#[cfg(feature = "consumer")]
mod journal;
#[cfg(feature = "servers")]
mod late;
#[cfg(feature = "servers")]
mod network;
#[cfg(feature = "servers")]
mod ports;
#[cfg(feature = "servers")]
mod server;
#[cfg(feature = "servers")]
mod sockets;
#[cfg(feature = "servers")]
mod soon;
#[cfg(feature = "servers")]
mod user;

#[cfg(feature = "servers")]
pub(crate) use holder::{holder, program, ready};
#[cfg(feature = "consumer")]
pub(crate) use journal::{Growing, Journal};
#[cfg(feature = "servers")]
pub(crate) use late::says_in_time;
#[cfg(feature = "servers")]
pub(crate) use network::{Network, in_each_way_to_be_cut};
#[cfg(feature = "lapin")]
pub(crate) use ports::free_port;
#[cfg(feature = "servers")]
pub(crate) use server::{Ports, Recipe, Server};
#[cfg(feature = "servers")]
pub(crate) use sockets::connections;
#[cfg(feature = "servers")]
pub(crate) use soon::{none_is_left, soon};
#[cfg(feature = "servers")]
pub(crate) use user::{ahead_of_others, ask, give_to, run, run_as};

use std::io::Write as _;

/// With this variable set to 1 a server that is not installed is a failure.
pub(crate) const REQUIRE: &str = "GRACEFUL_REQUIRE_SERVERS";

pub(crate) fn servers_are_required() -> bool {
    std::env::var(REQUIRE).is_ok_and(|value| value == "1")
}

/// Past the capture of the tests' output, so that it is also read where they pass.
pub(crate) fn say(line: &str) {
    // One write, so that it stays one line among those of other tests.
    let _ = std::io::stderr().write_all(format!("{line}\n").as_bytes());
}
