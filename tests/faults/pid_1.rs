//! As the first process of a PID namespace, as in a container: there the kernel drops each signal
//! that has no handler.

use crate::faults::harness::Program;
use std::process::Command;

on_each_flavor!(
    a_signal_stops_the_first_process,
    a_signal_in_the_start_up_stops_the_first_process,
);

/// For root, and for anybody where user namespaces are open.
const WAYS: [&[&str]; 2] = [
    &["--pid", "--fork", "--kill-child"],
    &["--map-root-user", "--pid", "--fork", "--kill-child"],
];

/// The first way that is permitted: not every sandbox lets a process have a namespace of its own.
fn a_way() -> Option<&'static [&'static str]> {
    let way = WAYS.into_iter().find(|way| {
        let tried = Command::new("unshare").args(*way).arg("true").output();
        tried.is_ok_and(|output| output.status.success())
    });
    if way.is_none() {
        println!("skipped: `unshare --pid` is not permitted here");
    }
    way
}

fn a_signal_stops_the_first_process(flavor: &str) {
    let Some(way) = a_way() else { return };
    let ended = Program::service(flavor, "none")
        .first_in_its_namespace(way)
        .stop();
    ended
        .code(0)
        .at_once()
        .closed(&["http", "queue", "guard", "cache", "db", "lease"]);
}

fn a_signal_in_the_start_up_stops_the_first_process(flavor: &str) {
    let Some(way) = a_way() else { return };
    let ended = Program::service(flavor, "start-up waits")
        .first_in_its_namespace(way)
        .stop();
    ended.code(0).at_once().closed(&["lease"]);
}
