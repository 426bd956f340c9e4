//! Shared by the tests.

#![cfg(unix)]

mod process;

pub use process::{Ended, Process};
pub use rustix::process::Signal;
