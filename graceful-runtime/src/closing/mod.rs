//! Carrying out what is on the board: the threads that run the steps, or the tasks.

mod carry_out;
mod place;
mod spare;
mod tasks;
mod threads;
mod watch;

pub(crate) use place::Place;
pub(crate) use watch::watch;
