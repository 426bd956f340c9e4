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
fn a_program_is_linked_with_what_it_asks_for_alone() {
    let linked = |program: &str| -> Vec<&str> {
        let symbols = std::process::Command::new("nm").arg(program).output();
        let symbols = symbols.expect("binutils, which the linker is of").stdout;
        let symbols = String::from_utf8(symbols).expect("names");
        // As both manglings have it: a room's name behind the crate's, and that of a function.
        let room = |name: &str| format!("16graceful_runtime{}{}", name.len(), name);
        let function = |name: &str| format!("{}{}", name.len(), name);
        let parts = [
            ("the stop", room("stop")),
            ("last words", room("last_words")),
            ("acts at the request", room("at_request")),
            ("a hard way to close", room("forced")),
            ("a main that serves", function("foreign_threads")),
            ("values that others hold", function("begin_late")),
            ("a death of the signal", function("emulate_default_handler")),
            // It brings all its three forms.
            ("a channel of std's", "3std4sync4mpmc".to_owned()),
        ];
        let parts = parts.iter();
        let is_there = parts.filter(|(_, name)| symbols.contains(name));
        is_there.map(|(part, _)| *part).collect()
    };
    // Beside its `main` that returns a state it has a function that returns something else.
    let alone = env!("CARGO_BIN_EXE_alone");
    assert_eq!(linked(alone), ["the stop", "a main that serves"]);
    let moments = env!("CARGO_BIN_EXE_other_moments");
    let parts = ["the stop", "last words", "acts at the request"];
    assert_eq!(linked(moments), parts);
}
