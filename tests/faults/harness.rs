//! Starts the faulty service, signals it, and waits for its end.

use crate::ended::Ended;
use rustix::process::{Pid, kill_process};
use std::io::Read as _;
use std::path::PathBuf;
use std::process::{Child, ChildStderr, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{JoinHandle, sleep};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

pub(crate) use rustix::process::Signal;

/// What the program under test may take, as its attribute says.
pub(crate) const BUDGET: Duration = Duration::from_secs(1);

/// Nothing takes this long; what does is killed, and has failed.
const LOST: Duration = Duration::from_secs(20);

pub(crate) const fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// A program that is about to be started.
pub(crate) struct Program {
    arguments: [String; 3],
    variables: Vec<(&'static str, &'static str)>,
    stderr: Reader,
    unshare: Option<&'static [&'static str]>,
    few_files: bool,
}

/// Who reads the program's standard error.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reader {
    Test,
    Gone,
    Asleep,
}

impl Program {
    /// `main` returns a state, of which a part has `fault`.
    pub(crate) fn service(flavor: &str, fault: &str) -> Self {
        Self::new(flavor, "service", fault)
    }

    /// `main` does `fault` in its body and returns an exit code.
    pub(crate) fn body(flavor: &str, fault: &str) -> Self {
        Self::new(flavor, "body", fault)
    }

    pub(crate) fn new(flavor: &str, shape: &str, fault: &str) -> Self {
        Self {
            arguments: [flavor, shape, fault].map(str::to_owned),
            variables: Vec::new(),
            stderr: Reader::Test,
            unshare: None,
            few_files: false,
        }
    }

    pub(crate) fn with(mut self, variable: &'static str, value: &'static str) -> Self {
        self.variables.push((variable, value));
        self
    }

    /// As under `| head -1`: whoever read standard output and error has gone.
    pub(crate) fn reader_gone(mut self) -> Self {
        self.stderr = Reader::Gone;
        self
    }

    /// The pipe of standard error is open, and never read.
    pub(crate) fn reader_asleep(mut self) -> Self {
        self.stderr = Reader::Asleep;
        self
    }

    /// As the first process of its PID namespace, as in a container.
    pub(crate) fn first_in_its_namespace(mut self, unshare: &'static [&'static str]) -> Self {
        self.unshare = Some(unshare);
        self
    }

    /// It can open few files.
    pub(crate) fn with_few_files(mut self) -> Self {
        self.few_files = true;
        self
    }

    /// Starts it, and waits until its fault is in place.
    pub(crate) fn ready(self) -> Running {
        let running = self.start();
        running.wait_for_mark("ready");
        running
    }

    pub(crate) fn start(self) -> Running {
        static COUNT: AtomicU32 = AtomicU32::new(0);

        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let marks = PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
            .join(format!("marks-{}-{count}", std::process::id()));
        let fault = env!("CARGO_BIN_EXE_fault");
        let mut command = match self.unshare {
            Some(options) => {
                let mut command = Command::new("unshare");
                command.args(options).arg(fault);
                command
            }
            None if self.few_files => {
                let mut command = Command::new("sh");
                command.args(["-c", r#"ulimit -n 64; exec "$0" "$@""#, fault]);
                command
            }
            None => Command::new(fault),
        };
        command
            .args(&self.arguments)
            // Each panic would take tens of milliseconds for its frames.
            .env_remove("RUST_BACKTRACE")
            .env_remove("GRACEFUL_TIMEOUT")
            .env_remove("GRACEFUL_DELAY")
            .env("FAULT_MARKS", &marks)
            .envs(self.variables)
            // Held open and never written to: a read of it stays pending.
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let began = Instant::now();
        let mut child = command.spawn().expect("the program starts");
        let mut unread = None;
        let stderr = Arc::new(Mutex::new(Said::default()));
        let mut reader = None;
        match (self.stderr, child.stderr.take()) {
            (Reader::Test, Some(pipe)) => reader = Some(read(pipe, stderr.clone())),
            (Reader::Asleep, pipe) => unread = pipe,
            (Reader::Gone, _) => drop(child.stdout.take()),
            (Reader::Test, None) => panic!("standard error was piped"),
        }
        let pid = if self.unshare.is_some() {
            only_child(child.id())
        } else {
            child.id()
        };
        Running {
            child,
            pid: Pid::from_raw(i32::try_from(pid).expect("a process id")).expect("not 0"),
            row: self.arguments.join(" "),
            marks,
            stderr,
            reader,
            _unread: unread,
            began,
            began_at: SystemTime::now(),
        }
    }
}

/// What was said on standard error, and when its first line was whole.
#[derive(Default)]
struct Said {
    text: String,
    first_line: Option<Instant>,
}

fn read(mut pipe: ChildStderr, said: Arc<Mutex<Said>>) -> JoinHandle<()> {
    std::thread::spawn(move || {
        let mut chunk = [0; 4096];
        while let Ok(count @ 1..) = pipe.read(&mut chunk) {
            let mut said = said.lock().unwrap_or_else(PoisonError::into_inner);
            said.text
                .push_str(&String::from_utf8_lossy(&chunk[..count]));
            if said.first_line.is_none() && said.text.contains('\n') {
                said.first_line = Some(Instant::now());
            }
        }
    })
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
    child: Child,
    pid: Pid,
    row: String,
    marks: PathBuf,
    stderr: Arc<Mutex<Said>>,
    reader: Option<JoinHandle<()>>,
    _unread: Option<ChildStderr>,
    /// The first signal, or the start of a program that ends by itself.
    began: Instant,
    began_at: SystemTime,
}

impl Running {
    pub(crate) fn wait_for_mark(&self, text: &str) {
        let began = Instant::now();
        while !read_marks(&self.marks).iter().any(|(_, mark)| mark == text) {
            assert!(
                began.elapsed() < LOST,
                "{}: no mark `{text}`\n{}",
                self.row,
                self.said()
            );
            sleep(ms(1));
        }
    }

    /// Sends the first signal: from here on the clock runs.
    pub(crate) fn signal(&mut self, signal: Signal) -> &mut Self {
        self.began = Instant::now();
        self.began_at = SystemTime::now();
        self.again(signal)
    }

    pub(crate) fn again(&mut self, signal: Signal) -> &mut Self {
        kill_process(self.pid, signal).expect("it can be signalled");
        self
    }

    pub(crate) fn after(&mut self, time: Duration) -> &mut Self {
        sleep(time);
        self
    }

    /// When standard error had its first line, from the first signal.
    pub(crate) fn first_line_after(&self) -> Duration {
        loop {
            let first = {
                let said = self.stderr.lock().unwrap_or_else(PoisonError::into_inner);
                said.first_line
            };
            if let Some(first) = first {
                return first.saturating_duration_since(self.began);
            }
            assert!(self.began.elapsed() < LOST, "{} says nothing", self.row);
            sleep(ms(1));
        }
    }

    fn said(&self) -> String {
        let said = self.stderr.lock().unwrap_or_else(PoisonError::into_inner);
        said.text.clone()
    }

    /// Waits for its end.
    pub(crate) fn end(&mut self) -> Ended {
        let status = loop {
            if let Some(status) = self.child.try_wait().expect("it can be waited for") {
                break status;
            }
            assert!(
                self.began.elapsed() < LOST,
                "{} does not end\n{}",
                self.row,
                self.said()
            );
            sleep(ms(1));
        };
        let took = self.began.elapsed();
        if let Some(reader) = self.reader.take() {
            reader.join().expect("reading does not panic");
        }
        let began_at = self.began_at.duration_since(UNIX_EPOCH).expect("past 1970");
        let marks = read_marks(&self.marks)
            .into_iter()
            .map(|(at, text)| (at.saturating_sub(began_at), text))
            .collect();
        println!("{}: {status} after {took:.3?}", self.row);
        Ended {
            status,
            took,
            marks,
            stderr: self.said(),
            row: self.row.clone(),
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // A test that failed in the middle leaves nothing behind; for the others it has ended.
        drop(self.child.kill());
        drop(self.child.wait());
        drop(std::fs::remove_file(&self.marks));
    }
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
