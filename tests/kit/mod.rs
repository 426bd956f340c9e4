//! `graceful::testing`: each fault does what it says, each assertion fails where it should, and the matrix
//! finds what is wrong.

mod assertions;
mod faults;
mod matrix;
mod moments;
#[cfg(unix)]
mod processes;
mod runs;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

const fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// What somebody reads whose test fails.
fn failure<T>(fails: impl FnOnce() -> T) -> String {
    let Err(payload) = catch_unwind(AssertUnwindSafe(fails)) else {
        panic!("it did not fail");
    };
    match payload.downcast::<String>() {
        Ok(text) => *text,
        Err(payload) => payload.downcast_ref::<&str>().map_or_else(
            || "a panic without a message".to_owned(),
            |text| (*text).to_owned(),
        ),
    }
}
