//! From SIGTERM to the end of an idle service, beside the same program on plain tokio and on others.

use graceful_benches::median;
use rustix::process::{Pid, Signal, kill_process};
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const RUNS: usize = 200;

fn stop(program: &str) -> Duration {
    let mut child = Command::new(program)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    let mut line = String::new();
    let output = child.stdout.take().expect("its output is piped");
    BufReader::new(output)
        .read_line(&mut line)
        .expect("it says that it is ready");
    // Every thread has come to rest, as in a service that has run for a while.
    std::thread::sleep(Duration::from_millis(100));
    let pid = Pid::from_child(&child);
    let sent = Instant::now();
    kill_process(pid, Signal::TERM).expect("the signal is sent");
    let status = child.wait().expect("it ends");
    let took = sent.elapsed();
    assert!(status.success(), "{program}: {status}");
    took
}

fn main() {
    let programs = [
        ("graceful", env!("CARGO_BIN_EXE_idle-graceful")),
        (
            "graceful, without a state",
            env!("CARGO_BIN_EXE_idle-graceful-without-state"),
        ),
        ("plain tokio", env!("CARGO_BIN_EXE_idle-tokio")),
        ("by hand, with a task", env!("CARGO_BIN_EXE_idle-by-hand")),
        (
            "tokio-graceful-shutdown",
            env!("CARGO_BIN_EXE_idle-subsystem"),
        ),
    ];
    let mut measured = programs.map(|_| Vec::new());
    // In turns, so that the machine's moods meet all.
    for _ in 0..RUNS {
        for ((_, program), measured) in programs.iter().zip(&mut measured) {
            measured.push(stop(program));
        }
    }
    for ((name, _), measured) in programs.iter().zip(measured) {
        let fastest = measured.iter().min().copied().unwrap_or_default();
        println!(
            "SIGTERM to reaped, {name:<25}: median {:>9.1?}, fastest {fastest:>9.1?}",
            median(measured)
        );
    }
}
