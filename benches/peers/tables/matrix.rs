//! The fault matrix: a service with one fault, a signal, and what became of it; a real process each.

use crate::Size;
use crate::faults::{Code, ROWS, Reader, Row, Signals};
use crate::table::{NONE, Table};
use graceful_peers::child::{Child, program};
use graceful_peers::marks;
use graceful_peers::service::BUDGET_VARIABLE;
use rustix::process::Signal;
use std::fmt::Write as _;
use std::os::unix::process::ExitStatusExt as _;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// As a platform kills what has not ended.
const KILLED_AFTER: Duration = Duration::from_secs(4);

/// Most of them sleep.
const AT_THE_SAME_TIME: usize = 8;

const FLAVORS: [&str; 2] = ["multi_thread", "current_thread"];

/// The program of each, and what it is called.
const PEERS: [(&str, &str); 8] = [
    ("graceful", "graceful"),
    ("tokio-graceful-shutdown", "tokio-graceful-shutdown"),
    ("tokio-graceful", "tokio-graceful"),
    ("async-shutdown", "async-shutdown"),
    ("elegant-departure", "elegant-departure"),
    ("swansong", "swansong"),
    ("tokio-util", "tokio-util by hand"),
    ("select", "`select!` by hand"),
];

/// Whose part it is that a row asks for; the others have no such thing.
const WITH_A_DELAY: [&str; 2] = ["graceful", "tokio-graceful"];

/// What a busy machine may add.
const ROOM: Duration = Duration::from_millis(100);

/// What became of a process.
#[derive(Clone, PartialEq)]
struct Outcome {
    /// None where it had to be killed.
    code: Option<String>,
    took: Duration,
    lost: Vec<&'static str>,
    lost_all: bool,
    is_good: bool,
}

pub(crate) fn measure(size: Size) -> Table {
    let rows: Vec<&Row> = ROWS.iter().step_by(size.of(6, 1)).collect();
    let runs: Vec<(usize, usize, usize)> = (0..rows.len())
        .flat_map(|row| (0..PEERS.len()).map(move |peer| (row, peer)))
        .flat_map(|(row, peer)| (0..FLAVORS.len()).map(move |flavor| (row, peer, flavor)))
        .collect();
    let next = AtomicUsize::new(0);
    let outcomes = Mutex::new(vec![None; runs.len()]);
    std::thread::scope(|scope| {
        for _ in 0..AT_THE_SAME_TIME {
            scope.spawn(|| {
                loop {
                    // It hands out numbers, nothing else.
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(&(row, peer, flavor)) = runs.get(at) else {
                        break;
                    };
                    let outcome = outcome(rows[row], PEERS[peer].0, FLAVORS[flavor], at);
                    // Held for one assignment.
                    outcomes.lock().expect("nobody panicked")[at] = outcome;
                }
            });
        }
    });
    let outcomes = outcomes.into_inner().expect("nobody panicked");
    let of = |row: usize, peer: usize| {
        let at = (row * PEERS.len() + peer) * FLAVORS.len();
        &outcomes[at..at + FLAVORS.len()]
    };

    let mut table = Table::new(["fault"].into_iter().chain(PEERS.map(|(_, name)| name)));
    for (at, row) in rows.iter().enumerate() {
        let cells = (0..PEERS.len()).map(|peer| cell(of(at, peer)));
        table.row([row.what.to_owned()].into_iter().chain(cells));
    }
    let good = (0..PEERS.len()).map(|peer| {
        let all: Vec<_> = (0..rows.len())
            .flat_map(|row| of(row, peer))
            .flatten()
            .collect();
        let good = all.iter().filter(|outcome| outcome.is_good).count();
        format!("{good} of {}", all.len())
    });
    table.row(["**as it has to be**".to_owned()].into_iter().chain(good));
    table.note(format!(
        "A cell: the time from the signal to the end of the process, or from its start where none is sent; the exit code; what \
         was not closed though nothing was wrong with it. Bold: later than the budget of 1 s and 100 ms (a second signal: than \
         100 ms after it), a part that was lost, an exit code of 0 where there was a fault, or another where there was none. \
         Killed: it had not ended after {} s. Where the two flavors of the runtime differ, that of one thread is behind the \
         stroke. The rows are those of graceful's own matrix.",
        KILLED_AFTER.as_secs()
    ));
    table.note(
        "A dash: only graceful and tokio-graceful have a delay. hyper-util has nothing but connections. async-shutdown's \
         programs end with `std::process::exit`, as its example does, so no thread holds them up once the parts have closed. \
         tokio-graceful takes each signal after the first as \"at once\", where it is built with `with_overwrite_fn`. Where nobody \
         reads, the log is what fails: `tracing-subscriber` panics when it can't print its own error, and blocks while the pipe \
         is full, in whatever task logs.",
    );
    table
}

fn cell(outcomes: &[Option<Outcome>]) -> String {
    let texts: Vec<(String, &Outcome)> = outcomes
        .iter()
        .flatten()
        .map(|outcome| (text(outcome), outcome))
        .collect();
    match &texts[..] {
        [] => NONE.to_owned(),
        [(many, multi), (one, current)] => {
            let close = multi.took.abs_diff(current.took) < ROOM;
            let same = close && multi.code == current.code && multi.lost == current.lost;
            if same {
                many.clone()
            } else {
                format!("{many} / {one}")
            }
        }
        [(only, _), ..] => only.clone(),
    }
}

fn text(outcome: &Outcome) -> String {
    let mut text = match &outcome.code {
        Some(code) => format!("{:.2} s, {code}", outcome.took.as_secs_f64()),
        None => "killed".to_owned(),
    };
    if outcome.lost_all {
        text.push_str(", nothing closed");
    } else if !outcome.lost.is_empty() {
        write!(text, ", without {}", outcome.lost.join(", ")).expect("a string takes it");
    }
    if outcome.is_good {
        text
    } else {
        format!("**{text}**")
    }
}

/// None where the peer has no such thing.
fn outcome(row: &Row, peer: &str, flavor: &str, number: usize) -> Option<Outcome> {
    if row.fault == "delay" && !WITH_A_DELAY.contains(&peer) {
        return None;
    }
    let path = format!("peers-marks-{}-{number}", std::process::id());
    let path = std::env::temp_dir().join(path);
    let outcome = run(row, peer, flavor, &path);
    drop(std::fs::remove_file(path));
    Some(outcome)
}

fn run(row: &Row, peer: &str, flavor: &str, path: &PathBuf) -> Outcome {
    let mut command = program(&format!("service-{peer}"));
    command.args([flavor, row.fault]).env(marks::VARIABLE, path);
    // Those that have a budget of their own are told in their words.
    if matches!(row.signals, Signals::Twice) {
        command
            .env(BUDGET_VARIABLE, "15")
            .env("GRACEFUL_TIMEOUT", "15s");
    }
    if row.fault == "delay" {
        command.env("GRACEFUL_DELAY", "400ms");
    }
    let (reads, writes) = std::io::pipe().expect("a pipe");
    let mut reads = Some(reads);
    command.stdin(Stdio::piped());
    match row.reader {
        Reader::Awake => {
            command.stdout(Stdio::null());
            command.stderr(Stdio::null());
        }
        Reader::Asleep | Reader::Gone => {
            command.stdout(writes.try_clone().expect("one more end"));
            command.stderr(writes);
        }
    }
    let mut began = Instant::now();
    let mut child = Child::start(&mut command);
    // The ends of the pipe that are the child's.
    drop(command);
    if !matches!(row.signals, Signals::No) {
        let until = Instant::now() + KILLED_AFTER;
        while !marks::read(path).iter().any(|mark| mark == "ready") {
            let waits = Instant::now() < until;
            assert!(waits, "{peer} {flavor} {}: not ready", row.fault);
            std::thread::sleep(Duration::from_millis(2));
        }
        if row.reader == Reader::Gone {
            reads = None;
        }
        began = Instant::now();
        child.signal(Signal::TERM);
    }
    match row.signals {
        Signals::No | Signals::Once => {}
        Signals::Twice => {
            std::thread::sleep(Duration::from_millis(400));
            child.signal(Signal::TERM);
        }
        Signals::Hundred => {
            for _ in 1..100 {
                std::thread::sleep(Duration::from_micros(100));
                child.signal(Signal::TERM);
            }
        }
    }
    let status = child.end_within(KILLED_AFTER);
    let took = began.elapsed();
    drop(reads);
    let code = status.map(|status| match status.code() {
        Some(code) => code.to_string(),
        None => format!("signal {}", status.signal().unwrap_or_default()),
    });
    let closed = marks::read(path);
    let has_closed = |part: &str| closed.iter().any(|mark| mark == &format!("closed {part}"));
    let lost: Vec<_> = row
        .closes
        .iter()
        .copied()
        .filter(|part| !has_closed(part))
        .collect();
    let tells = code.as_ref().is_some_and(|code| match row.code {
        Code::Zero => code == "0",
        Code::Other => code != "0",
        Code::Any => true,
    });
    Outcome {
        lost_all: !lost.is_empty() && lost.len() == row.closes.len(),
        is_good: lost.is_empty() && tells && took <= row.within + ROOM,
        code,
        took,
        lost,
    }
}
