//! A child process: started, signalled, and waited for no longer than it may take.

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, PidfdFlags, Signal, kill_process, pidfd_open};
use std::io::{BufRead, BufReader};
use std::os::fd::OwnedFd;
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::{self, ChildStdout, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// A program that runs. Killed when it is dropped.
#[derive(Debug)]
pub struct Child {
    process: process::Child,
    pid: Pid,
    /// Readable once it has ended: so its end is seen within microseconds.
    ended: OwnedFd,
    reaped: bool,
}

/// One of the programs of this workspace, which stand beside this one.
///
/// # Panics
///
/// If this program has no path.
pub fn program(name: &str) -> Command {
    let own = std::env::current_exe().expect("a path of its own");
    let path: PathBuf = own.with_file_name(name);
    let mut command = Command::new(path);
    // A panic would take tens of milliseconds for its frames.
    command.env_remove("RUST_BACKTRACE");
    command
}

impl Child {
    /// Starts it in a process group of its own, so that a signal to this program is none to it.
    ///
    /// # Panics
    ///
    /// If it can't be started: has everything been built?
    pub fn start(command: &mut Command) -> Self {
        let process = command.process_group(0).spawn();
        let process = process.unwrap_or_else(|error| panic!("{command:?} does not start: {error}"));
        let pid = Pid::from_child(&process);
        let ended = pidfd_open(pid, PidfdFlags::empty()).expect("Linux 5.3 or later");
        Self {
            process,
            pid,
            ended,
            reaped: false,
        }
    }

    /// Starts it, and waits for the first line of its standard output, which is returned.
    ///
    /// # Panics
    ///
    /// If it can't be started, or says nothing.
    pub fn ready(command: &mut Command) -> (Self, String) {
        command.stdout(Stdio::piped());
        let mut child = Self::start(command);
        let mut line = String::new();
        let output: ChildStdout = child.process.stdout.take().expect("it is piped");
        BufReader::new(output).read_line(&mut line).expect("text");
        assert!(!line.is_empty(), "{command:?} ended before it was ready");
        (child, line.trim().to_owned())
    }

    /// Its number.
    pub fn pid(&self) -> Pid {
        self.pid
    }

    /// Sends it a signal; one that has ended has no use for it.
    pub fn signal(&self, signal: Signal) {
        let _ = kill_process(self.pid, signal);
    }

    /// Waits for its end, and kills it where that does not come: none then.
    ///
    /// # Panics
    ///
    /// If the system does not let it be waited for.
    pub fn end_within(&mut self, limit: Duration) -> Option<ExitStatus> {
        let until = Instant::now() + limit;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            let left = Timespec {
                tv_sec: left.as_secs().try_into().expect("no such limit"),
                tv_nsec: left.subsec_nanos().into(),
            };
            let mut watched = [PollFd::new(&self.ended, PollFlags::IN)];
            match poll(&mut watched, Some(&left)) {
                Ok(0) => return None,
                Ok(_) => break,
                // A signal to this program.
                Err(rustix::io::Errno::INTR) => {}
                Err(error) => panic!("{error}"),
            }
        }
        self.reaped = true;
        Some(self.process.wait().expect("it is ours"))
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        if !self.reaped {
            drop(self.process.kill());
            drop(self.process.wait());
        }
    }
}
