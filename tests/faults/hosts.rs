//! Programs with a `main` of their own: what is not running any more does nothing to them. Records are the service's or the
//! host's, and no matter of these.

use crate::faults::harness::{Program, Signal};
use std::os::unix::process::ExitStatusExt as _;

#[test]
fn a_run_that_could_not_begin_takes_no_signal() {
    let ended = Program::new("host", "refused runs", "").stop();
    assert_eq!(
        ended.status.signal(),
        Some(Signal::Terminate.number().into())
    );
    ended.mark("current: Err(None)");
}

#[test]
fn a_hosts_services_are_found_in_their_scopes_alone() {
    let ended = Program::new("host", "one life after another", "")
        .start()
        .end();
    ended.code_of_process(0);
    let current: Vec<&str> = ended
        .marks
        .iter()
        .filter_map(|(_, mark)| mark.strip_prefix("current: "))
        .collect();
    assert!(current[0].contains("Stopped"), "{current:?}");
    assert!(current[1].contains("Running"), "{current:?}");
    assert_eq!(current[2..], ["Err(None)"], "{current:?}");
}

/// It asked a process to end which was about to end a part of itself alone.
#[test]
fn a_signal_during_the_closes_of_one_life_is_that_of_the_next() {
    let ended = Program::new("host", "runs again after each", "").stop();
    ended
        .code_of_process(128 + 15)
        .at_once()
        .says(&["SIGTERM: already closing"])
        .says(&["stopping after SIGTERM"]);
    let marks: Vec<&str> = ended.marks.iter().map(|(_, mark)| &**mark).collect();
    assert_eq!(marks, ["ready", "closed lease", "runs again"]);
}

/// Its signals lead nowhere, and nothing would be closed: it is told so as soon as it comes by.
#[test]
fn a_child_that_was_forked_too_late_is_told_so() {
    for child in ["returns", "awaits", "asks", "requests", "defers"] {
        let ended = Program::new("host", "forks", child).start().end();
        ended.code_of_process(0).says(&[
            "was forked from process",
            "Fork first, in a plain `fn main`",
        ]);
        ended.mark("the child ended with 101");
    }
}

/// What it has to say of its end is not worth the process.
#[test]
fn a_function_returns_though_nobody_reads_standard_error() {
    let ended = Program::new("host", "goes on behind its service", "").stop();
    ended.code_of_process(0).mark("served 7");
}

/// Nor has it anything to say where standard error is the host's.
#[test]
fn a_service_closes_though_no_descriptor_is_left() {
    let ended = Program::new("host", "no descriptor is left", "")
        .with_few_files()
        .start()
        .end();
    ended.code_of_process(0);
    ended.mark("db failed: connection reset by peer");
    assert_eq!(ended.stderr, "");
}
