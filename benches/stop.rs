//! An idle service beside the same program on plain tokio: what it holds while it runs, and how long it
//! takes from SIGTERM to its end. `cargo bench --bench stop -- 350` runs each as often; with `--quote` it writes its table into
//! `docs/performance.md`.

use graceful_benches::{Bound, is_to_quote, load, median, micros, quote};
use rustix::process::{Pid, Signal, kill_process};
use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Of each program, where nothing else is asked for.
const RUNS: usize = 100;

/// What the supervisor, its log and its guard of the end may cost.
const OVER_TOKIO: Bound = Bound {
    what: "SIGTERM to reaped, over plain tokio",
    most: 0.3,
    unit: "ms",
};

/// What they are called, and the programs. The third is what the others are measured against.
const PROGRAMS: [(&str, &str); 4] = [
    (
        "`#[graceful::main]` with a task to wait for",
        env!("CARGO_BIN_EXE_idle-graceful"),
    ),
    (
        "`#[graceful::main]` that has nothing to close",
        env!("CARGO_BIN_EXE_idle-graceful-without-state"),
    ),
    (
        "plain tokio: `select!` on the signals, then return",
        env!("CARGO_BIN_EXE_idle-tokio"),
    ),
    (
        "plain tokio, by hand: a task is told, and awaited",
        env!("CARGO_BIN_EXE_idle-by-hand"),
    ),
];

const BASE: usize = 2;

/// After this every thread has come to rest, as in a service that has run for a while.
const AT_REST: Duration = Duration::from_millis(100);

#[derive(Default)]
struct Measured {
    took: Vec<Duration>,
    threads: u64,
    /// Of memory that is the process's own, not its file's.
    kilobytes: u64,
    /// Of its threads from and to the processor, while nothing happens.
    switches: u64,
}

impl Measured {
    fn run(&mut self, program: &str) {
        let mut child = started(program);
        let pid = Pid::from_child(&child);
        std::thread::sleep(AT_REST);
        let before = switches(pid);
        std::thread::sleep(AT_REST);
        self.switches += switches(pid) - before;
        let status = read(&format!("/proc/{}/status", pid.as_raw_nonzero()));
        self.threads = self.threads.max(number(&status, "Threads:"));
        self.kilobytes = self.kilobytes.max(number(&status, "RssAnon:"));

        let sent = Instant::now();
        kill_process(pid, Signal::TERM).expect("the signal is sent");
        let status = child.wait().expect("it ends");
        self.took.push(sent.elapsed());
        assert!(status.success(), "{program}: {status}");
    }
}

fn started(program: &str) -> Child {
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
    child
}

fn read(path: &str) -> String {
    fs::read_to_string(path).expect("the process runs on Linux")
}

fn number(status: &str, key: &str) -> u64 {
    let line = status.lines().find_map(|line| line.strip_prefix(key));
    let number = line.and_then(|line| line.split_whitespace().next());
    number
        .and_then(|number| number.parse().ok())
        .expect("Linux says it")
}

fn switches(pid: Pid) -> u64 {
    let tasks = fs::read_dir(format!("/proc/{}/task", pid.as_raw_nonzero()));
    let tasks = tasks.expect("the process runs on Linux").flatten();
    tasks
        .map(|task| {
            let status = read(&format!("{}/status", task.path().display()));
            number(&status, "voluntary_ctxt_switches:")
                + number(&status, "nonvoluntary_ctxt_switches:")
        })
        .sum()
}

fn main() {
    // Cargo adds `--bench`.
    let asked = std::env::args().find_map(|argument| argument.parse().ok());
    let runs = asked.unwrap_or(RUNS);
    let before = load();
    let mut measured = PROGRAMS.map(|_| Measured::default());
    // In turns, so that the machine's moods meet all.
    for _ in 0..runs {
        for ((_, program), measured) in PROGRAMS.iter().zip(&mut measured) {
            measured.run(program);
        }
    }
    let mut table =
        "| | SIGTERM to reaped | fastest | threads | own memory | switches of a thread |\n\
                     | --- | --- | --- | --- | --- | --- |\n"
            .to_owned();
    let mut medians = Vec::new();
    for ((name, _), measured) in PROGRAMS.iter().zip(measured) {
        let Measured {
            took,
            threads,
            kilobytes,
            switches,
        } = measured;
        let fastest = took.iter().min().copied().unwrap_or_default().as_micros();
        let median = median(took);
        medians.push(median);
        let median = median.as_micros();
        writeln!(
            table,
            "| {name} | {median} µs | {fastest} µs | {threads} | {kilobytes} kB | {switches} |"
        )
        .expect("a string takes it");
    }
    write!(
        table,
        "\n{runs} runs of each, in turns; the median. At a load of {before} when it began and {} when it ended.\n",
        load()
    )
    .expect("a string takes it");
    println!("{table}");
    if is_to_quote() {
        quote::insert("bench", "idle", &table);
    }
    for ((name, _), median) in PROGRAMS.iter().zip(&medians).take(BASE) {
        let over = (micros(*median) - micros(medians[BASE])) / 1000.0;
        println!("{name}:{}", OVER_TOKIO.beside(over));
    }
}
