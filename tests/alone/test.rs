//! It is stopped as any other.

#![cfg(unix)]

use graceful::testing::Program;
use graceful::Signal;

#[test]
fn a_program_that_has_nothing_else() {
    for signal in [Signal::Terminate, Signal::Interrupt] {
        let mut process = Program::new(env!("CARGO_BIN_EXE_alone")).start();
        process
            .expect_line("loaded Some(true)")
            .expect_line("ready")
            .signal(signal)
            .expect_line("closed http")
            .expect_line("closed db");
        process.end().assert_code(0);
    }
}
