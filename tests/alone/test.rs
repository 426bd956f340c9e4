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

/// As where it becomes an exit code: what a close makes of it counts for more than its own.
#[test]
fn a_main_that_keeps_its_type_ends_with_the_code_of_the_stop() {
    for (row, code, error) in [
        ("ends", 0, None),
        ("fails", 1, Some("Error: \"no disk\"")),
        ("close fails", 1, Some("failed: lost")),
    ] {
        let process = Program::new(env!("CARGO_BIN_EXE_as_written")).arg(row);
        let ended = process.start().end();
        ended.assert_code(code);
        assert!(ended.stdout.contains("closed db"), "{}", ended);
        let said = error.map(|error| ended.stderr.matches(error).count());
        assert_eq!(said.unwrap_or(1), 1, "{ended}");
    }
}

/// What a program does not ask for, the linker leaves out: whoever asks names who does it.
#[cfg(target_os = "linux")]
#[test]
fn a_program_is_linked_with_those_moments_alone_that_it_asks_for() {
    let rooms_of = |program: &str| -> Vec<&str> {
        let symbols = std::process::Command::new("nm").arg(program).output();
        let symbols = symbols.expect("binutils, which the linker is of").stdout;
        let symbols = String::from_utf8(symbols).expect("names");
        let rooms = ["last_words", "at_request", "forced", "stop"];
        // As both manglings have it.
        let is_there =
            |room: &&str| symbols.contains(&format!("16graceful_runtime{}{}", room.len(), room));
        rooms.iter().copied().filter(is_there).collect()
    };
    let none = env!("CARGO_BIN_EXE_alone");
    assert_eq!(rooms_of(none), ["stop"]);
    let both = env!("CARGO_BIN_EXE_other_moments");
    assert_eq!(rooms_of(both), ["last_words", "at_request", "stop"]);
}
