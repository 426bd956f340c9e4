//! What the core of the stop holds to, whatever is closed: limits and order, one clock, few threads, an
//! outer deadline on every path, and an end of the process.

#![cfg(unix)]

/// Makes each test one of its own on both flavors.
macro_rules! on_each_flavor {
    ($($test:ident),* $(,)?) => {
        mod multi_thread {
            $(
                #[test]
                fn $test() {
                    super::$test("multi_thread");
                }
            )*
        }
        mod current_thread {
            $(
                #[test]
                fn $test() {
                    super::$test("current_thread");
                }
            )*
        }
    };
}

mod busy_clock;
mod cooperative_budget;
mod cut_before_next;
mod defer_again;
mod dies_of_signal;
mod end_of_process;
mod forced_begins;
mod forced_drop;
mod inherited_signals;
mod left_threads;
mod life;
mod no_threads;
mod one_clock;
mod outer_deadline;
mod paused_spin;
mod process_state;
mod program;
mod special;
mod threads_cap;
mod wide_states;

use std::time::Duration;

const fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}
