//! Services that systemd is told of.

use crate::parts::{Hangs, Slow};
use std::time::Duration;

#[derive(graceful::Shutdown)]
struct App {
    #[shutdown(timeout = "4s")]
    sender: Slow,
    #[shutdown(timeout = "1500ms")]
    hangs: Option<Hangs>,
}

/// Closes for `CLOSE_MS`, and then hangs where `HANGS` is set.
#[graceful::main(timeout = "8s")]
pub(crate) async fn main() -> App {
    println!("somebody listens: {}", graceful::systemd::notify());
    let close = std::env::var("CLOSE_MS").ok();
    let close = close.and_then(|close| close.parse().ok());
    App {
        sender: Slow(Duration::from_millis(close.unwrap_or_default())),
        hangs: std::env::var_os("HANGS").map(|_| Hangs),
    }
}
