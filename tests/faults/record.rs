//! The record that is read once the process is gone: whole on every path. That it names the component and the cause is
//! held against each row of the matrix (`Ended::caused_by`).

use crate::faults::ended::{Cause, Debt, Ended};
use crate::faults::harness::Program;

on_each_flavor!(
    nobody_reads_and_the_record_is_whole,
    a_full_disk_leaves_the_record_on_standard_error,
    a_file_that_can_t_be_written_leaves_the_record_on_standard_error,
    a_program_without_outputs_leaves_its_record,
    a_hook_is_given_the_report_on_each_path,
    a_hook_that_never_returns_does_not_hold_the_exit,
    a_hook_that_panics_costs_itself_alone,
    a_hook_that_works_is_waited_for,
    a_log_that_blocks_takes_no_time_from_a_hook,
);

const ALL: [&str; 6] = ["http", "queue", "guard", "cache", "db", "lease"];

type Causes = &'static [Cause];

const HANGS: Causes = &[("queue", "timed_out", "flushed 3 of 10")];
const FAILS: Causes = &[("queue", "failed", "connection reset by peer")];
const BLOCKS: Causes = &[("main", "blocked", "it blocks its thread")];

/// Closed outputs, a full pipe, a log that never returns.
fn nobody_reads_and_the_record_is_whole(flavor: &str) {
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
        .caused_by(BLOCKS);
}

/// The record that standard error has in the place of the file.
fn record_on_standard_error(ended: Ended, why: &str) -> Ended {
    ended.says(&["the report can't be written to", why]);
    let line = ended.stderr.lines().find(|line| line.starts_with('{'));
    let record = line.and_then(|line| serde_json::from_str(line).ok());
    let debt = Debt::of(&ended.row, record.as_ref());
    Ended {
        record,
        debt,
        ..ended
    }
}

fn a_full_disk_leaves_the_record_on_standard_error(flavor: &str) {
    for (fault, code, causes) in [("fails", 1, FAILS), ("start-up blocks", 124, BLOCKS)] {
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
    ended.code(1).caused_by(FAILS);
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
        .caused_by(FAILS);
}

fn a_hook_is_given_the_report_on_each_path(flavor: &str) {
    let rows: [(&str, i32, Causes); 4] = [
        ("none", 0, &[]),
        ("fails", 1, FAILS),
        ("start-up waits", 0, &[]),
        ("start-up blocks", 124, BLOCKS),
    ];
    let hooked = |fault| Program::service(flavor, fault).with("FAULT_HOOK", "marks");
    for (fault, code, causes) in rows {
        let ended = hooked(fault).stop();
        ended.code(code).caused_by(causes);
        ended.mark(&format!("reported {code}"));
    }
    for (fault, code, cause) in [
        (
            "start-up fails",
            1,
            ("main", "failed", "the database refuses us"),
        ),
        (
            "start-up panics",
            101,
            ("main", "panicked", "the configuration is gone"),
        ),
    ] {
        let ended = hooked(fault).start().end();
        ended.code(code).caused_by(&[cause]);
        ended.mark(&format!("reported {code}"));
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

/// As on a machine whose processors are busy: unlike one that blocks it will be through. Only Linux tells them apart.
fn a_hook_that_works_is_waited_for(flavor: &str) {
    let ended = Program::service(flavor, "none")
        .with("GRACEFUL_TIMEOUT", "15s")
        .with("FAULT_HOOK", "works")
        .stop();
    ended.code(0).closed(&ALL);
    if cfg!(target_os = "linux") {
        ended.mark("reported 0");
    }
}

fn a_log_that_blocks_takes_no_time_from_a_hook(flavor: &str) {
    let ended = Program::service(flavor, "none")
        .with("FAULT_LOG", "blocks")
        .with("FAULT_HOOK", "takes its time")
        .stop();
    ended.code(0).mark("reported 0");
}
