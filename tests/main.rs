//! Behaviour of the whole. One program: nearly all of its tests wait for a child process, and those that wait for the
//! compiler leave them the time.

mod children;
mod compiler;
mod faults;
mod kit;
mod leaks;
mod moments;
mod packages;
mod readmes;
mod shapes;
