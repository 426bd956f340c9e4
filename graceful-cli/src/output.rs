//! What is printed: a reader that is gone, or a disk that is full, is no reason to panic.

use anyhow::Context as _;
use std::io::{self, Write as _};

/// The result, on standard output.
///
/// # Errors
///
/// If nobody takes all of it.
pub(crate) fn print(result: &str) -> anyhow::Result<()> {
    let mut stdout = io::stdout().lock();
    let printed = stdout
        .write_all(result.as_bytes())
        .and_then(|()| stdout.flush());
    printed.context("the result can't be printed")
}

/// What is beside it, on standard error, whether or not anybody reads that.
pub(crate) fn note(line: &str) {
    drop(io::stderr().write_all(format!("{line}\n").as_bytes()));
}
