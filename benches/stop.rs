//! From SIGTERM to the end of an idle service, beside the same program on plain tokio.

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
    // Every thread has come to rest.
    std::thread::sleep(Duration::from_millis(5));
    let pid = Pid::from_child(&child);
    let sent = Instant::now();
    kill_process(pid, Signal::TERM).expect("the signal is sent");
    let status = child.wait().expect("it ends");
    let took = sent.elapsed();
    assert!(status.success(), "{program}: {status}");
    took
}

fn main() {
    let (mut graceful, mut tokio) = (Vec::new(), Vec::new());
    // In turns, so that the machine's moods meet both.
    for _ in 0..RUNS {
        graceful.push(stop(env!("CARGO_BIN_EXE_idle-graceful")));
        tokio.push(stop(env!("CARGO_BIN_EXE_idle-tokio")));
    }
    for (name, measured) in [("graceful", graceful), ("plain tokio", tokio)] {
        let fastest = measured.iter().min().copied().unwrap_or_default();
        println!(
            "SIGTERM to reaped, {name:11}: median {:>9.1?}, fastest {fastest:>9.1?}",
            median(measured)
        );
    }
}
