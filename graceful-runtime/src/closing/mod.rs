//! Carrying a plan out: the steps that a value puts on the board, and the threads that run them.

mod carry_out;
#[cfg(feature = "test-util")]
mod faulty;
mod place;
mod spare;
mod steps;
mod tasks;
mod threads;
mod watch;

pub(crate) use place::Place;
pub(crate) use steps::{Close, begun, job};
pub use steps::{Closing, Steps};
pub(crate) use watch::watch;
