//! What the person on call has of a program that stops: metrics, systemd's view, pictures, alert rules, a dashboard.

#![cfg(target_os = "linux")]

mod alerts;
mod closely;
mod dashboard;
mod golden;
mod metrics;
mod monitoring;
mod pictures;
mod platform;
// The same for all tests whose servers are told which port to take: one source.
#[path = "../clients/kit/ports.rs"]
mod ports;
mod prometheus;
mod scraper;
mod spans;
mod systemd;
mod tools;

use graceful::testing::Program;
use std::time::Duration;

/// Nothing takes this long; what does has failed.
const LOST: Duration = Duration::from_secs(40);

/// One of this package's programs.
fn program(name: &str) -> Program {
    Program::new(env!("CARGO_BIN_EXE_operations"))
        .arg(name)
        .patience(LOST)
}
