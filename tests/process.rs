//! A program that is started, signalled, and asked what became of it.

use rustix::process::{Pid, Signal, kill_process};
use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread::{JoinHandle, sleep, spawn};
use std::time::{Duration, Instant};

/// Nothing takes this long; what does is killed, and has failed.
const LOST: Duration = Duration::from_secs(20);

/// A program that runs.
#[derive(Debug)]
pub struct Process {
    child: Child,
    row: String,
    lines: Receiver<String>,
    stdout: Vec<String>,
    stderr: Option<JoinHandle<String>>,
}

/// What became of it.
#[derive(Debug)]
pub struct Ended {
    /// How it ended.
    pub status: ExitStatus,
    /// Its lines, those of before the signal included.
    pub stdout: Vec<String>,
    /// All of it.
    pub stderr: String,
    row: String,
}

impl Process {
    /// Starts `program` with one argument, which says what it does.
    ///
    /// # Panics
    ///
    /// Where that can't be done, as all that follows.
    pub fn start(program: &str, row: &str) -> Self {
        let mut child = Command::new(program)
            .arg(row)
            .env_remove("GRACEFUL_TIMEOUT")
            .env_remove("GRACEFUL_DELAY")
            .env_remove("RUST_BACKTRACE")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let stdout = child.stdout.take().expect("it was piped");
        let mut stderr = child.stderr.take().expect("it was piped");
        let (sender, lines) = channel();
        spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                drop(sender.send(line));
            }
        });
        let stderr = spawn(move || {
            let mut all = String::new();
            drop(stderr.read_to_string(&mut all));
            all
        });
        Self {
            child,
            row: row.to_owned(),
            lines,
            stdout: Vec::new(),
            stderr: Some(stderr),
        }
    }

    /// Waits for its next line to be this one.
    ///
    /// # Panics
    ///
    /// If it is another, or does not come.
    #[track_caller]
    pub fn says(&mut self, line: &str) -> &mut Self {
        let said = self.lines.recv_timeout(LOST);
        assert_eq!(said.as_deref(), Ok(line), "{}: {:?}", self.row, self.stdout);
        self.stdout.extend(said);
        self
    }

    /// Signals it.
    ///
    /// # Panics
    ///
    /// If it has ended.
    pub fn signal(&mut self, signal: Signal) -> &mut Self {
        let id = Pid::from_raw(self.child.id().cast_signed()).expect("not 0");
        kill_process(id, signal).expect("it can be signalled");
        self
    }

    /// Waits for its end.
    ///
    /// # Panics
    ///
    /// If that does not come.
    #[track_caller]
    pub fn end(&mut self) -> Ended {
        let began = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().expect("it can be waited for") {
                break status;
            }
            assert!(began.elapsed() < LOST, "{} does not end", self.row);
            sleep(Duration::from_millis(1));
        };
        self.stdout.extend(self.lines.iter());
        let stderr = self.stderr.take().map(JoinHandle::join);
        Ended {
            status,
            stdout: std::mem::take(&mut self.stdout),
            stderr: stderr
                .expect("it ends once")
                .expect("reading does not panic"),
            row: self.row.clone(),
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // A test that failed in the middle leaves nothing behind; for the others it has ended.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

impl Ended {
    /// It ended by itself, with this code.
    ///
    /// # Panics
    ///
    /// If not.
    #[track_caller]
    pub fn code(&self, code: i32) -> &Self {
        assert_eq!(self.status.code(), Some(code), "{self:#?}");
        self
    }

    /// These were its lines, in this order; `ready` goes without saying.
    ///
    /// # Panics
    ///
    /// If not.
    #[track_caller]
    pub fn said(&self, lines: &[&str]) -> &Self {
        let said = self.stdout.iter().filter(|line| *line != "ready");
        assert!(said.eq(lines), "{}: not {lines:?} but {self:#?}", self.row);
        self
    }
}
