//! Each moment of a stop with each fault: real processes, real signals.

#![cfg(unix)]

mod force;
mod last;
mod leaks;
mod program;
mod request;
mod shield;

/// Each of these on both flavors of the runtime.
macro_rules! on_each_flavor {
    ($($row:ident),* $(,)?) => {
        mod multi_thread {
            $(#[test] fn $row() { super::$row("multi_thread"); })*
        }
        mod current_thread {
            $(#[test] fn $row() { super::$row("current_thread"); })*
        }
    };
}
use on_each_flavor;

/// Each of these also of a state in an `Arc`, which others hold and never let go of.
macro_rules! on_shared_state {
    ($($row:ident),* $(,)?) => {
        mod shared {
            $(#[test] fn $row() { super::$row("shared"); })*
        }
    };
}
use on_shared_state;
