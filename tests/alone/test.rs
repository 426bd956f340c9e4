//! It is stopped as any other.

#![cfg(unix)]

use graceful_tests::{Process, Signal};

#[test]
fn a_program_that_has_nothing_else() {
    for signal in [Signal::TERM, Signal::INT] {
        let mut process = Process::start(env!("CARGO_BIN_EXE_alone"), "");
        process
            .says("loaded Some(true)")
            .says("ready")
            .signal(signal);
        let ended = process.end();
        ended
            .code(0)
            .said(&["loaded Some(true)", "closed http", "closed db"]);
    }
}
