//! Starts the faulty service, signals it, and waits for its end.

use crate::faults::ended::{Debt, Ended};
use graceful::testing::{self, Pipe, Process};
use serde_json::Value;
use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

pub(crate) use graceful::Signal;

/// What a stop takes whose fault has a limit, or the grace of blocking work: far less than the 12 s that the attribute of the
/// program under test says. One that needs them is given its own by `GRACEFUL_TIMEOUT`.
pub(crate) const SOON: Duration = Duration::from_secs(3);

/// The limit of what is to be left at it, as [`limits_of`] has it.
pub(crate) const LIMIT: Duration = Duration::from_millis(200);

/// The deadline of a stop that comes to it.
pub(crate) const DEADLINE: Duration = Duration::from_secs(3);

/// Nothing takes this long; what does is killed, and has failed.
const LOST: Duration = Duration::from_secs(30);

/// Of what waits for its limit that limit is a short one; all others are long, so that no busy machine cuts what closes.
fn limits_of(fault: &str) -> &'static [(&'static str, &'static str)] {
    match fault {
        "hangs" | "hangs and its drop blocks" | "blocks" | "needs the blocking pool" => {
            &[("GRACEFUL_TIMEOUT_QUEUE", "200ms")]
        }
        "blocks every worker" => &[
            ("GRACEFUL_TIMEOUT_QUEUE", "200ms"),
            ("GRACEFUL_TIMEOUT_CACHE", "200ms"),
        ],
        "drop blocks" => &[("GRACEFUL_TIMEOUT_GUARD", "200ms")],
        "start-up blocks" => &[("GRACEFUL_TIMEOUT", "3s")],
        _ => &[],
    }
}

pub(crate) const fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// A program that is about to be started.
pub(crate) struct Program {
    arguments: [String; 3],
    variables: Vec<(&'static str, &'static str)>,
    stdout: Pipe,
    stderr: Pipe,
    unshare: Option<&'static [&'static str]>,
    /// A line for a shell that does something before it becomes the program.
    shell: Option<&'static str>,
}

impl Program {
    /// `main` returns a state, of which a part has `fault`.
    pub(crate) fn service(flavor: &str, fault: &str) -> Self {
        let mut program = Self::new(flavor, "service", fault);
        program.variables.extend_from_slice(limits_of(fault));
        program
    }

    /// `main` does `fault` in its body and returns an exit code.
    pub(crate) fn body(flavor: &str, fault: &str) -> Self {
        Self::new(flavor, "body", fault)
    }

    pub(crate) fn new(flavor: &str, shape: &str, fault: &str) -> Self {
        Self {
            arguments: [flavor, shape, fault].map(str::to_owned),
            variables: Vec::new(),
            // Held open and never read: what is written to it is no matter of the tests but of the program.
            stdout: Pipe::Unread,
            stderr: Pipe::Read,
            unshare: None,
            shell: None,
        }
    }

    pub(crate) fn with(mut self, variable: &'static str, value: &'static str) -> Self {
        self.variables.push((variable, value));
        self
    }

    /// As under `| head -1`: whoever read standard output and error has gone.
    pub(crate) fn reader_gone(mut self) -> Self {
        self.stdout = Pipe::Closed;
        self.stderr = Pipe::Closed;
        self
    }

    /// The pipe of standard error is open, and never read.
    pub(crate) fn reader_asleep(mut self) -> Self {
        self.stderr = Pipe::Unread;
        self
    }

    /// As the first process of its PID namespace, as in a container.
    pub(crate) fn first_in_its_namespace(mut self, unshare: &'static [&'static str]) -> Self {
        self.unshare = Some(unshare);
        self
    }

    /// It can open few files.
    pub(crate) fn with_few_files(self) -> Self {
        self.behind_a_shell(r#"ulimit -n 64; exec "$0" "$@""#)
    }

    /// Standard output goes where standard error goes, as at a terminal.
    pub(crate) fn with_one_output(self) -> Self {
        self.behind_a_shell(r#"exec "$0" "$@" 1>&2"#)
    }

    /// The disk is full when the record is written.
    pub(crate) fn with_a_full_disk(self) -> Self {
        self.behind_a_shell(
            r#"full=${FAULT_MARKS%/*}/full.json
            ln -s /dev/full "$full"
            GRACEFUL_REPORT_FILE=$full exec "$0" "$@""#,
        )
    }

    /// There is room for the first 96 bytes of the record.
    pub(crate) fn with_a_disk_that_fills_up(self) -> Self {
        // The limit of a file's size is counted in 512 bytes. Past it there is an error in the place of a signal.
        self.behind_a_shell(
            r#"full=${FAULT_MARKS%/*}/full.json
            head -c 4000 /dev/zero >"$full"
            trap '' XFSZ
            ulimit -f 8
            GRACEFUL_REPORT_FILE=$full exec "$0" "$@""#,
        )
    }

    /// It is started without standard output and error.
    pub(crate) fn without_outputs(self) -> Self {
        self.behind_a_shell(r#"exec "$0" "$@" 1>&- 2>&-"#)
    }

    fn behind_a_shell(mut self, line: &'static str) -> Self {
        self.shell = Some(line);
        self
    }

    /// Starts it, and waits until its fault is in place.
    pub(crate) fn ready(self) -> Running {
        let running = self.start();
        running.wait_for_mark("ready");
        running
    }

    /// Starts it, sends SIGTERM once its fault is in place, and waits for its end.
    pub(crate) fn stop(self) -> Ended {
        self.ready().signal(Signal::Terminate).end()
    }

    /// The same for a `main` that is not polled any more: what ran a moment ago may have heard the signal.
    pub(crate) fn stop_when_quiet(self) -> Ended {
        self.signal_when_quiet(Signal::Terminate)
    }

    pub(crate) fn signal_when_quiet(self, signal: Signal) -> Ended {
        self.ready().after(ms(150)).signal(signal).end()
    }

    pub(crate) fn start(self) -> Running {
        static COUNT: AtomicU32 = AtomicU32::new(0);

        // Relaxed: a number of its own is all that each needs.
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
            .join(format!("fault-{}-{count}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("there is room for a folder");
        let (marks, record) = (folder.join("marks"), folder.join("report.json"));
        let fault = env!("CARGO_BIN_EXE_fault");
        let mut command = match (self.unshare, self.shell) {
            (Some(options), _) => {
                let mut command = Command::new("unshare");
                command.args(options).arg(fault);
                command
            }
            (None, Some(line)) => {
                let mut command = Command::new("sh");
                command.args(["-c", line, fault]);
                command
            }
            (None, None) => Command::new(fault),
        };
        command
            .args(&self.arguments)
            // Each panic would take tens of milliseconds for its frames.
            .env_remove("RUST_BACKTRACE")
            .env("FAULT_MARKS", &marks)
            .env("GRACEFUL_REPORT_FILE", &record)
            .envs(self.variables);
        let mut process = testing::Program::from(command)
            .stdout(self.stdout)
            .stderr(self.stderr)
            .patience(LOST)
            .start();
        if self.unshare.is_some() {
            let program = only_child(process.id());
            process.signals_go_to(program);
        }
        Running {
            process,
            row: self.arguments.join(" "),
            folder,
            marks,
            record,
            began: Instant::now(),
            began_at: SystemTime::now(),
            signalled: false,
        }
    }
}

/// `unshare` forks; the one it forks is the program.
fn only_child(of: u32) -> u32 {
    let children = format!("/proc/{of}/task/{of}/children");
    let began = Instant::now();
    loop {
        let found = std::fs::read_to_string(&children).unwrap_or_default();
        if let Ok(pid) = found.trim().parse() {
            return pid;
        }
        assert!(began.elapsed() < LOST, "unshare started nothing");
        sleep(ms(1));
    }
}

/// A program that runs.
pub(crate) struct Running {
    process: Process,
    row: String,
    /// With all that it writes, of which the next two are read.
    folder: PathBuf,
    marks: PathBuf,
    record: PathBuf,
    /// The first signal, or the start of a program that ends by itself.
    began: Instant,
    began_at: SystemTime,
    signalled: bool,
}

impl Running {
    pub(crate) fn wait_for_mark(&self, text: &str) {
        let began = Instant::now();
        while !read_marks(&self.marks).iter().any(|(_, mark)| mark == text) {
            let waits = began.elapsed() < LOST;
            assert!(waits, "no mark `{text}`: {}", self.process);
            sleep(ms(1));
        }
    }

    /// Sends a signal: with the first one the clock runs.
    pub(crate) fn signal(&mut self, signal: Signal) -> &mut Self {
        if !self.signalled {
            self.began = Instant::now();
            self.began_at = SystemTime::now();
            self.signalled = true;
        }
        self.process.signal(signal);
        self
    }

    /// Waits until it has heard of the first signal: however late a busy machine is to tell it, one that comes some time
    /// after this is a request of its own.
    pub(crate) fn heard(&mut self) -> &mut Self {
        let began = Instant::now();
        let tells = |text: &str| {
            let words = ["draining", "stopping after", "already closing"];
            words.iter().any(|words| text.contains(words))
        };
        while !(read_marks(&self.marks).iter().any(|(_, mark)| tells(mark))
            || tells(&self.process.to_string()))
        {
            let waits = began.elapsed() < LOST;
            assert!(waits, "it has not heard: {}", self.process);
            sleep(ms(1));
        }
        self
    }

    pub(crate) fn after(&mut self, time: Duration) -> &mut Self {
        sleep(time);
        self
    }

    pub(crate) fn wait_for_stderr(&mut self, words: &str) -> String {
        self.process.wait_for_stderr(words)
    }

    /// When standard error had its first line, from the first signal.
    pub(crate) fn first_line_after(&mut self) -> Duration {
        self.process.wait_for_stderr("");
        self.began.elapsed()
    }

    /// Waits for its end.
    pub(crate) fn end(&mut self) -> Ended {
        let ended = self.process.end();
        let began_at = self.began_at.duration_since(UNIX_EPOCH).expect("past 1970");
        let marks = read_marks(&self.marks)
            .into_iter()
            .map(|(at, text)| (at.saturating_sub(began_at), text))
            .collect();
        println!("{}: {} after {:.3?}", self.row, ended.status, ended.took);
        // A host stops several times, each with a code of its own.
        let record = std::fs::read_to_string(&self.record).ok();
        let record = record.filter(|_| !self.row.starts_with("host "));
        let record = record.map(|record| one_line(&record));
        Ended {
            debt: Debt::of(&self.row, record.as_ref()),
            record,
            status: ended.status,
            took: ended.took,
            stood_still: ended.stood_still,
            marks,
            stderr: ended.stderr,
            row: self.row.clone(),
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.folder));
    }
}

/// A process stops once, and says so in one line.
fn one_line(record: &str) -> Value {
    let lines: Vec<_> = record.lines().collect();
    assert_eq!(lines.len(), 1, "one stop is one line: {record}");
    serde_json::from_str(lines[0]).unwrap_or_else(|error| panic!("{error}: {record}"))
}

fn read_marks(path: &PathBuf) -> Vec<(Duration, String)> {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    text.lines()
        .filter_map(|line| {
            let (at, text) = line.split_once(' ')?;
            Some((Duration::from_micros(at.parse().ok()?), text.to_owned()))
        })
        .collect()
}
