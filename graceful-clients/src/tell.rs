//! Waiting, and saying what for.

use graceful_runtime::Context;
use std::time::Duration;
use tokio::time::interval;

/// How old what is said may be.
const EVERY: Duration = Duration::from_millis(100);

/// How often a count is looked at that nobody tells of.
#[cfg(any(feature = "bb8", feature = "deadpool"))]
const TURN: Duration = Duration::from_millis(10);

/// Waits for `end`; what is `left` meanwhile is the step's progress, and so its last word where it overruns.
pub(crate) async fn tell_until<T>(
    cx: &Context,
    end: impl Future<Output = T>,
    left: impl Fn() -> Option<String>,
) -> T {
    let tell = async {
        let mut turn = interval(EVERY);
        loop {
            turn.tick().await;
            if let Some(left) = left() {
                cx.progress(left);
            }
        }
    };
    tokio::select! {
        biased;
        ended = end => ended,
        () = tell => unreachable!("it tells for ever"),
    }
}

/// `1 of 5 connections is in use`; `None` where none is.
#[cfg(any(feature = "bb8", feature = "deadpool", feature = "sqlx"))]
pub(crate) fn connections_in_use(in_use: usize, all: usize) -> Option<String> {
    match in_use {
        0 => None,
        1 => Some(format!("1 of {all} connections is in use")),
        more => Some(format!("{more} of {all} connections are in use")),
    }
}

/// Resolves once this count has come to nothing.
#[cfg(any(feature = "bb8", feature = "deadpool"))]
pub(crate) async fn none_is_left(count: impl Fn() -> usize) {
    let mut turn = interval(TURN);
    while count() > 0 {
        turn.tick().await;
    }
}
