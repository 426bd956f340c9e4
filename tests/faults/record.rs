//! The record that is read once the process is gone: whole on every path, with the component and the cause.

use crate::ended::Ended;
use crate::harness::{BUDGET, Program, Signal, ms};

on_each_flavor!(
    each_fault_is_named_with_its_component,
    a_start_that_fails_is_named,
    a_critical_task_is_named,
    what_takes_the_threads_is_named,
    a_second_signal_names_what_still_ran,
    nobody_reads_and_the_record_is_whole,
    a_full_disk_leaves_the_record_on_standard_error,
    a_file_that_can_t_be_written_leaves_the_record_on_standard_error,
    a_program_without_outputs_leaves_its_record,
    a_hook_is_given_the_report_on_each_path,
    a_hook_that_never_returns_does_not_hold_the_exit,
    a_hook_that_panics_costs_itself_alone,
);

/// The component, the kind, and words of the message.
type Causes = &'static [(&'static str, &'static str, &'static str)];

fn each_fault_is_named_with_its_component(flavor: &str) {
    let rows: [(&str, &str, Causes); 20] = [
        ("service", "none", &[]),
        (
            "service",
            "hangs",
            &[("queue", "timed_out", "flushed 3 of 10")],
        ),
        (
            "service",
            "hangs and its drop blocks",
            &[("queue", "blocked", "")],
        ),
        (
            "service",
            "panics",
            &[("queue", "panicked", "the queue is on fire")],
        ),
        (
            "service",
            "fails",
            &[("queue", "failed", "connection reset by peer")],
        ),
        (
            "service",
            "blocks",
            &[("queue", "blocked", "joining the poller")],
        ),
        (
            "service",
            "drop panics",
            &[("guard", "panicked", "the guard let go")],
        ),
        ("service", "drop blocks", &[("guard", "blocked", "thread ")]),
        (
            "wreck",
            "",
            &[
                ("hangs", "timed_out", "flushed 3 of 10"),
                ("panics", "panicked", "the queue is on fire"),
                ("blocks", "blocked", "joining the poller"),
            ],
        ),
        (
            "single",
            "hangs",
            &[("queue", "timed_out", "flushed 3 of 10")],
        ),
        (
            "body",
            "asks and never ends",
            &[("main", "timed_out", "had not ended after")],
        ),
        (
            "body",
            "asks and never ends, with nothing open",
            &[("main", "timed_out", "had not ended after")],
        ),
        (
            "body",
            "asks and fails",
            &[("main", "failed", "no such table")],
        ),
        (
            "body",
            "asks and panics",
            &[("main", "panicked", "index out of bounds")],
        ),
        ("body", "asks and ends with 7", &[]),
        ("body", "asks and exits with 3", &[]),
        ("body", "listens for itself", &[]),
        ("service", "the log blocks", &[]),
        ("service", "the log panics", &[]),
        ("service", "stderr floods", &[]),
    ];
    for (shape, fault, causes) in rows {
        let ended = Program::new(flavor, shape, fault).stop();
        ended
            .code(ended.status.code().unwrap_or(-1))
            .caused_by(causes);
    }
}

fn a_start_that_fails_is_named(flavor: &str) {
    Program::service(flavor, "start-up fails")
        .start()
        .end()
        .code(1)
        .caused_by(&[("main", "failed", "the database refuses us")]);
    Program::service(flavor, "start-up panics")
        .start()
        .end()
        .code(101)
        .caused_by(&[("main", "panicked", "the configuration is gone")]);
    Program::service(flavor, "start-up blocks")
        .stop()
        .code(124)
        .caused_by(&[("main", "blocked", "it blocks its thread")]);
    Program::service(flavor, "start-up waits")
        .stop()
        .code(0)
        .caused_by(&[]);
}

fn a_critical_task_is_named(flavor: &str) {
    let rows: [(&str, Causes); 4] = [
        ("it is aborted", &[("consumer", "ended", "was aborted")]),
        ("it ends", &[("consumer", "ended", "ended")]),
        (
            "it fails",
            &[
                ("consumer", "ended", "failed: connection lost"),
                ("consumer", "failed", "connection lost"),
            ],
        ),
        (
            "it panics",
            &[
                ("consumer", "ended", "panicked: an offset is missing"),
                ("consumer", "panicked", "an offset is missing"),
            ],
        ),
    ];
    for (fault, causes) in rows {
        let ended = Program::new(flavor, "dependent", fault).start().end();
        ended.code(1).caused_by(causes);
    }
    Program::new(flavor, "dependent", "it never ends")
        .stop()
        .code(1)
        .caused_by(&[("consumer", "timed_out", "")]);
}

fn what_takes_the_threads_is_named(flavor: &str) {
    const LEFT: (&str, &str, &str) = ("blocking_work", "left_behind", "had not ended");

    // On one thread that is the whole runtime.
    let blocked = match flavor {
        "multi_thread" => LEFT,
        _ => ("runtime", "blocked", "a task blocks its thread"),
    };
    for fault in ["one worker blocked", "every worker blocked"] {
        let ended = Program::service(flavor, fault).stop();
        ended.code(0).within(BUDGET).caused_by(&[blocked]);
    }
    for fault in [
        "spawn_blocking never ends",
        "blocking pool full",
        "stdin read pending",
    ] {
        let ended = Program::service(flavor, fault).stop();
        ended.code(0).caused_by(&[LEFT]);
    }
    Program::service(flavor, "needs the blocking pool")
        .stop()
        .code(1)
        .caused_by(&[("queue", "timed_out", ""), LEFT]);
    Program::new(flavor, "dependent", "it ends while every worker is blocked")
        .stop()
        .code(1)
        .caused_by(&[("consumer", "failed", "2 messages are lost"), blocked]);
    Program::new(flavor, "wreck", "every worker blocked")
        .stop()
        .code(1)
        .caused_by(&[
            ("hangs", "timed_out", "flushed 3 of 10"),
            ("panics", "panicked", "the queue is on fire"),
            ("blocks", "blocked", "joining the poller"),
            blocked,
        ]);
}

fn a_second_signal_names_what_still_ran(flavor: &str) {
    let ended = Program::new(flavor, "single", "hangs")
        .with("GRACEFUL_TIMEOUT", "15s")
        .ready()
        .signal(Signal::Terminate)
        .after(ms(400))
        .signal(Signal::Terminate)
        .end();
    ended
        .code(143)
        .caused_by(&[("queue", "still_running", "flushed 3 of 10")]);
    for (shape, fault) in [
        ("service", "start-up blocks"),
        ("body", "asks and never ends"),
    ] {
        let ended = Program::new(flavor, shape, fault)
            .with("GRACEFUL_TIMEOUT", "15s")
            .ready()
            .signal(Signal::Terminate)
            .after(ms(400))
            .signal(Signal::Terminate)
            .end();
        ended.code(143).caused_by(&[
            ("lease", "not_started", ""),
            ("main", "still_running", "had not ended"),
        ]);
    }
}

/// Closed outputs, a full pipe, a log that never returns.
fn nobody_reads_and_the_record_is_whole(flavor: &str) {
    const HANGS: Causes = &[("queue", "timed_out", "flushed 3 of 10")];

    let hangs = || Program::service(flavor, "hangs");
    hangs().reader_gone().stop().code(1).caused_by(HANGS);
    hangs().reader_asleep().stop().code(1).caused_by(HANGS);
    let blocked = hangs().with("FAULT_LOG", "blocks").stop();
    blocked.code(1).caused_by(HANGS);
    Program::service(flavor, "start-up blocks")
        .with("FAULT_LOG", "blocks")
        .reader_gone()
        .stop()
        .code(124)
        .caused_by(&[("main", "blocked", "it blocks its thread")]);
}

/// The record that standard error has in the place of the file.
fn record_on_standard_error(ended: Ended, why: &str) -> Ended {
    ended.says(&["the report can't be written to", why]);
    let line = ended.stderr.lines().find(|line| line.starts_with('{'));
    let record = line.and_then(|line| serde_json::from_str(line).ok());
    Ended { record, ..ended }
}

fn a_full_disk_leaves_the_record_on_standard_error(flavor: &str) {
    let failed: Causes = &[("queue", "failed", "connection reset by peer")];
    for (fault, code, causes) in [
        ("fails", 1, failed),
        (
            "start-up blocks",
            124,
            &[("main", "blocked", "it blocks its thread")],
        ),
    ] {
        let full = || Program::service(flavor, fault);
        let ended = full().with_a_full_disk().stop();
        let ended = record_on_standard_error(ended, "No space left");
        ended.code(code).caused_by(causes);
        let ended = full().with_a_disk_that_fills_up().stop();
        let ended = record_on_standard_error(ended, "File too large");
        ended.code(code).caused_by(causes);
    }
}

fn a_file_that_can_t_be_written_leaves_the_record_on_standard_error(flavor: &str) {
    let fails = |file| Program::service(flavor, "fails").with("GRACEFUL_REPORT_FILE", file);
    let ended = record_on_standard_error(fails("/nowhere/report.json").stop(), "/nowhere");
    ended
        .code(1)
        .caused_by(&[("queue", "failed", "connection reset by peer")]);
    // The name says that it is to be the timeline.
    fails("/dev/full")
        .stop()
        .code_without_record(1)
        .says(&["can't be written to /dev/full", "No space left"])
        .says(&["! queue", "failed: connection reset by peer"]);
}

fn a_program_without_outputs_leaves_its_record(flavor: &str) {
    Program::service(flavor, "fails")
        .without_outputs()
        .stop()
        .code(1)
        .caused_by(&[("queue", "failed", "connection reset by peer")]);
}

fn a_hook_is_given_the_report_on_each_path(flavor: &str) {
    for (fault, code) in [
        ("none", 0),
        ("fails", 1),
        ("start-up waits", 0),
        ("start-up blocks", 124),
    ] {
        let hooked = Program::service(flavor, fault).with("FAULT_HOOK", "marks");
        let ended = hooked.stop();
        ended.code(code).mark(&format!("reported {code}"));
    }
    for (fault, code) in [("start-up fails", 1), ("start-up panics", 101)] {
        let hooked = Program::service(flavor, fault).with("FAULT_HOOK", "marks");
        let ended = hooked.start().end();
        ended.code(code).mark(&format!("reported {code}"));
    }
}

fn a_hook_that_never_returns_does_not_hold_the_exit(flavor: &str) {
    let ended = Program::service(flavor, "none")
        .with("FAULT_HOOK", "blocks")
        .stop();
    ended.code(0).at_once().did_not("reported 0");
}

fn a_hook_that_panics_costs_itself_alone(flavor: &str) {
    let ended = Program::service(flavor, "none")
        .with("FAULT_HOOK", "panics")
        .stop();
    ended.code(0).at_once().mark("reported 0");
}
