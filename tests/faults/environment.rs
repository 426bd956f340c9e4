//! `GRACEFUL_TIMEOUT` and `GRACEFUL_DELAY`, for all and for single fields; `report = "never"`.

use crate::faults::ended::Cause;
use crate::faults::harness::{Program, ms};

const HANGS: Cause = ("queue", "timed_out", "flushed 3 of 10");

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
        .says(&["stopped after SIGTERM", "of 0.400 s"])
        .caused_by(&[HANGS]);
}

#[test]
fn an_empty_timeout_is_none() {
    let ended = Program::service("multi_thread", "none")
        .with("GRACEFUL_TIMEOUT", "")
        .with("GRACEFUL_DELAY", "")
        .stop();
    ended.code(0).at_once().says(&["12s at most"]);
}

#[test]
fn bad_values_end_the_start_before_any_code_of_the_program() {
    for (variable, value, words) in [
        ("GRACEFUL_TIMEOUT", "0", "longer than zero"),
        ("GRACEFUL_TIMEOUT", "abc", "write it like `25s`"),
        ("GRACEFUL_TIMEOUT", "25", "write it like `25s`"),
        ("GRACEFUL_DELAY", "soon", "write it like `5s`"),
        ("GRACEFUL_DELAY", "12s", "below GRACEFUL_TIMEOUT"),
    ] {
        let ended = Program::service("multi_thread", "none")
            .with(variable, value)
            .start()
            .end();
        ended
            .code_without_record(2)
            .says(&[variable, words])
            .did_not("user code runs")
            .closed(&[]);
        assert_eq!(ended.stderr.lines().count(), 1, "{}", ended.stderr);
    }
}

/// The last three may be a program's own; Kubernetes sets such of a service that is called `graceful`.
#[test]
fn a_name_that_is_nearly_one_is_told_with_the_one_that_was_meant() {
    let ended = Program::service("multi_thread", "none")
        .with("GRACEFUL_TIMOUT", "1s")
        .with("GRACEFUL_DELAY_MS", "")
        .with("GRACEFUL_PORT", "tcp://10.0.0.1:80")
        .with("GRACEFUL_SERVICE_HOST", "10.0.0.1")
        .with("GRACEFUL_SHUTDOWN_TIMEOUT", "30s")
        .stop();
    ended
        .code(0)
        .says(&["GRACEFUL_TIMOUT changes nothing: did you mean GRACEFUL_TIMEOUT?"])
        .says(&["12s at most"]);
    let told = ended.stderr.matches("changes nothing").count();
    assert_eq!(told, 1, "{}", ended.stderr);
}

#[test]
fn a_limit_from_outside_is_the_fields() {
    for (shape, fault) in [("service", "hangs"), ("body", "a state is managed")] {
        let ended = Program::new("multi_thread", shape, fault)
            .with("GRACEFUL_TIMEOUT_QUEUE", "700ms")
            .with("GRACEFUL_TIMEOUT_DB", "900ms")
            .stop();
        let db = ended
            .marks
            .iter()
            .find(|(_, mark)| mark.starts_with("db has "));
        let db: u64 = db.unwrap().1["db has ".len()..].parse().unwrap();
        assert!(db <= 900, "{db} ms");
        if shape == "service" {
            ended
                .code(1)
                .not_before(ms(680))
                .timed_out("queue", ms(700), "flushed 3 of 10")
                .caused_by(&[HANGS]);
        } else {
            ended.code(0);
        }
    }
}

#[test]
fn limits_that_do_not_fit_end_the_start_before_any_code_of_the_program() {
    for (variable, value, words) in [
        ("GRACEFUL_TIMEOUT_DB", "soon", "write it like `5s`"),
        ("GRACEFUL_TIMEOUT_DB", "0s", "longer than zero"),
        ("GRACEFUL_TIMEOUT_DB", "9s", "longer than the 12s"),
        (
            "GRACEFUL_TIMEOUT_DBS",
            "1ms",
            "did you mean GRACEFUL_TIMEOUT_DB?",
        ),
        (
            "GRACEFUL_TIMEOUT_KAFKA",
            "1ms",
            "there are GRACEFUL_TIMEOUT_HTTP",
        ),
    ] {
        let ended = Program::service("multi_thread", "none")
            .with(variable, value)
            .start()
            .end();
        ended
            .code_without_record(2)
            .says(&[variable, words])
            .did_not("user code runs")
            .closed(&[]);
        assert_eq!(ended.stderr.lines().count(), 1, "{}", ended.stderr);
    }
}

/// What a `main` that returns no state is going to hand over is not known at its start.
#[test]
fn limits_that_do_not_fit_a_managed_state_close_it_at_once() {
    let ended = Program::body("multi_thread", "a state is managed")
        .with("GRACEFUL_TIMEOUT_DB", "9s")
        .start()
        .end();
    ended
        .code(2)
        .says(&["longer than the 12s", "lower GRACEFUL_TIMEOUT_DB"])
        .caused_by(&[("environment", "failed", "lower GRACEFUL_TIMEOUT_DB")])
        .closed(&["http", "queue", "guard", "cache", "db", "lease"]);

    let ended = Program::body("multi_thread", "a state is managed")
        .with("GRACEFUL_TIMEOUT_DBS", "1ms")
        .stop();
    ended.code(0).says(&["did you mean GRACEFUL_TIMEOUT_DB?"]);
}

#[test]
fn a_report_that_is_never_wanted_is_not_said() {
    let ended = Program::new("multi_thread", "unreported", "hangs")
        .with("GRACEFUL_TIMEOUT", "2s")
        .stop();
    ended
        .code(124)
        .says(&["stopping after SIGTERM"])
        .does_not_say("stopped after")
        .does_not_say("timed out")
        .caused_by(&[HANGS]);

    let ended = Program::new("multi_thread", "unreported", "hangs")
        .with("GRACEFUL_TIMEOUT", "15s")
        .ready()
        .signal(crate::faults::harness::Signal::Terminate)
        .heard()
        .after(ms(400))
        .signal(crate::faults::harness::Signal::Terminate)
        .end();
    ended.code(143).does_not_say("stopped after").caused_by(&[(
        "queue",
        "still_running",
        "flushed 3 of 10",
    )]);
}
