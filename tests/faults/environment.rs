//! `GRACEFUL_TIMEOUT` and `GRACEFUL_DELAY`.

use crate::harness::{Program, ms};

#[test]
fn a_timeout_from_outside_is_the_budget() {
    let ended = Program::new("multi_thread", "single", "hangs")
        .with("GRACEFUL_TIMEOUT", "400ms")
        .stop();
    ended
        .code(124)
        .not_before(ms(380))
        .within(ms(400))
        .says(&["SIGTERM", "400ms at most"])
        .says(&["stopped after SIGTERM", "of 0.400 s"]);
}

#[test]
fn an_empty_timeout_is_none() {
    let ended = Program::service("multi_thread", "none")
        .with("GRACEFUL_TIMEOUT", "")
        .with("GRACEFUL_DELAY", "")
        .stop();
    ended.code(0).at_once().says(&["1s at most"]);
}

#[test]
fn bad_values_end_the_start_before_any_code_of_the_program() {
    for (variable, value, words) in [
        ("GRACEFUL_TIMEOUT", "0", "longer than zero"),
        ("GRACEFUL_TIMEOUT", "abc", "write it like `25s`"),
        ("GRACEFUL_TIMEOUT", "25", "write it like `25s`"),
        ("GRACEFUL_DELAY", "soon", "write it like `5s`"),
        ("GRACEFUL_DELAY", "1s", "below GRACEFUL_TIMEOUT"),
    ] {
        let ended = Program::service("multi_thread", "none")
            .with(variable, value)
            .start()
            .end();
        ended
            .code(2)
            .says(&[variable, words])
            .did_not("user code runs")
            .closed(&[]);
        assert_eq!(ended.stderr.lines().count(), 1, "{}", ended.stderr);
    }
}
