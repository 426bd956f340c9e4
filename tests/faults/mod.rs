//! The fault matrix: real processes, real signals, one fault each. A row says the exit code, the
//! time, which fields closed, and what the report names.

#![cfg(unix)]

/// Makes each row a test of its own on both flavors.
macro_rules! on_each_flavor {
    ($($row:ident),* $(,)?) => {
        on_flavor!(multi_thread, $($row),*);
        on_flavor!(current_thread, $($row),*);
    };
}

/// The same for one flavor.
macro_rules! on_flavor {
    ($flavor:ident, $($row:ident),* $(,)?) => {
        mod $flavor {
            $(
                #[test]
                fn $row() {
                    super::$row(stringify!($flavor));
                }
            )*
        }
    };
}

mod body;
mod closes;
mod critical;
mod ended;
mod environment;
mod executor;
mod exit_codes;
mod harness;
mod hosts;
mod output;
mod pid_1;
mod record;
mod signals;
mod startup;
