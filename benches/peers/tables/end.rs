//! An idle service: what it holds while nothing happens, and how long it takes from SIGTERM to its end.

use crate::Size;
use crate::table::Table;
use graceful_peers::child::{Child, program};
use graceful_peers::statistics::median;
use rustix::process::{Pid, Signal};
use std::fs;
use std::process::Stdio;
use std::time::{Duration, Instant};

const PROGRAMS: [(&str, &str); 8] = [
    ("graceful", "graceful"),
    ("tokio-graceful-shutdown", "tokio-graceful-shutdown"),
    ("tokio-graceful", "tokio-graceful"),
    ("async-shutdown", "async-shutdown ¹"),
    ("elegant-departure", "elegant-departure"),
    ("swansong", "swansong"),
    ("tokio-util", "tokio-util by hand"),
    ("select", "`select!` by hand"),
];

/// After this every thread has come to rest, as in a service that has run for a while.
const AT_REST: Duration = Duration::from_millis(100);

#[derive(Default)]
struct Measured {
    took: Vec<Duration>,
    threads: u64,
    /// Of memory that is the process's own, not its file's.
    kilobytes: u64,
}

pub(crate) fn measure(size: Size) -> Table {
    let mut measured = PROGRAMS.map(|_| Measured::default());
    // In turns, so that the machine's moods meet all.
    for _ in 0..size.of(2, 60) {
        for ((name, _), measured) in PROGRAMS.iter().zip(&mut measured) {
            run(name, measured);
        }
    }
    let mut table = Table::new([
        "a service of one task",
        "SIGTERM to reaped",
        "threads",
        "own memory",
    ]);
    for ((_, name), measured) in PROGRAMS.iter().zip(measured) {
        table.row([
            (*name).to_owned(),
            format!("{} µs", median(measured.took).as_micros()),
            measured.threads.to_string(),
            format!("{} kB", measured.kilobytes),
        ]);
    }
    table.note(
        "`greeters/`: a server that greets who connects, told to stop and waited for. Of 60 runs, in turns, the middle; threads \
         and memory (`RssAnon`) when it has been idle for 0.1 s. hyper-util has no means for it.",
    );
    table.note("¹ It ends with `std::process::exit`, as its example does, and so does not wait for the runtime's threads.");
    table
}

fn run(name: &str, measured: &mut Measured) {
    let mut command = program(&format!("greeter-{name}"));
    let (mut child, _) = Child::ready(command.stderr(Stdio::null()));
    std::thread::sleep(AT_REST);
    let status = status(child.pid());
    measured.threads = measured.threads.max(number(&status, "Threads:"));
    measured.kilobytes = measured.kilobytes.max(number(&status, "RssAnon:"));
    let sent = Instant::now();
    child.signal(Signal::TERM);
    let ended = child.end_within(Duration::from_secs(10));
    measured.took.push(sent.elapsed());
    assert!(
        ended.is_some_and(|status| status.success()),
        "{name}: {ended:?}"
    );
}

fn status(pid: Pid) -> String {
    let path = format!("/proc/{}/status", pid.as_raw_nonzero());
    fs::read_to_string(path).expect("the process runs on Linux")
}

fn number(status: &str, key: &str) -> u64 {
    let line = status.lines().find_map(|line| line.strip_prefix(key));
    let number = line.and_then(|line| line.split_whitespace().next());
    number
        .and_then(|number| number.parse().ok())
        .expect("Linux says it")
}
