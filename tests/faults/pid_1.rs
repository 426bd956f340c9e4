//! As the first process of a PID namespace, as in a container: there the kernel drops each signal
//! that has no handler.

use crate::harness::{Program, Signal};
use std::process::Command;

on_each_flavor!(
    a_signal_stops_the_first_process,
    a_signal_in_the_start_up_stops_the_first_process,
);

/// Not every sandbox lets a process have a namespace of its own.
fn permitted() -> bool {
    let tried = Command::new("unshare")
        .args(["--pid", "--fork", "--kill-child", "true"])
        .output();
    match tried {
        Ok(output) if output.status.success() => true,
        Ok(output) => {
            let why = String::from_utf8_lossy(&output.stderr);
            println!("skipped: no PID namespace here: {why}");
            false
        }
        Err(why) => {
            println!("skipped: no `unshare` here: {why}");
            false
        }
    }
}

fn a_signal_stops_the_first_process(flavor: &str) {
    if permitted() {
        let ended = Program::service(flavor, "none")
            .first_in_its_namespace()
            .ready()
            .signal(Signal::TERM)
            .end();
        ended
            .code(0)
            .at_once()
            .closed(&["http", "queue", "guard", "cache", "db", "lease"]);
    }
}

fn a_signal_in_the_start_up_stops_the_first_process(flavor: &str) {
    if permitted() {
        let ended = Program::service(flavor, "start-up waits")
            .first_in_its_namespace()
            .ready()
            .signal(Signal::TERM)
            .end();
        ended.code(0).at_once().closed(&["lease"]);
    }
}
