//! The program: started, signalled, waited for, and killed where it does not end.

use super::options::Signal;
use super::output::Output;
use super::processes;
use anyhow::{Context as _, bail};
use rustix::process::{Pid, kill_process, kill_process_group};
use serde::Serialize;
use std::ffi::OsString;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;
use tokio::process::{Child, Command};
use tokio::time::{Instant, sleep, timeout};

/// What makes a command the first process of a PID namespace, and ends it with its parent.
const AS_PID_1: [&str; 5] = ["unshare", "--pid", "--fork", "--mount-proc", "--kill-child"];

/// How long the namespace may take to be there.
const NAMESPACE: Duration = Duration::from_secs(5);

/// A program that runs, or has run.
pub(super) struct Program {
    child: Child,
    /// The one that is signalled: behind `unshare` it is its child.
    pid: i32,
    pub(super) started: Instant,
    pub(super) stdout: Output,
    pub(super) stderr: Output,
}

/// How it ended.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Exit {
    pub(super) code: Option<i32>,
    pub(super) by_signal: Option<i32>,
    /// Whether it had to be killed, since the grace period was over.
    pub(super) killed: bool,
}

/// Whether a process can be the first one of a PID namespace here.
pub(super) async fn can_be_pid_1() -> Result<(), String> {
    let [program, arguments @ ..] = AS_PID_1;
    let mut unshare = Command::new(program);
    unshare.args(arguments).arg("true").stdin(Stdio::null());
    match unshare.output().await {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => Err(String::from_utf8_lossy(&output.stderr).trim().to_owned()),
        Err(error) => Err(format!("unshare: {error}")),
    }
}

impl Program {
    /// Starts it, in a process group of its own: a Ctrl-C that is meant for the rehearsal is not its.
    pub(super) async fn start(command: &[OsString], as_pid_1: bool) -> anyhow::Result<Self> {
        let words: Vec<OsString> = if as_pid_1 {
            let wrapper = AS_PID_1.iter().map(OsString::from);
            wrapper
                .chain([OsString::from("--")])
                .chain(command.iter().cloned())
                .collect()
        } else {
            command.to_vec()
        };
        let (stdout, out) = Output::new()?;
        let (stderr, err) = Output::new()?;
        let mut process = Command::new(&words[0]);
        process
            .args(&words[1..])
            .stdin(Stdio::null())
            .stdout(out)
            .stderr(err);
        // Where the rehearsal is interrupted, it does not go on for ever.
        process.process_group(0).kill_on_drop(true);
        let started = Instant::now();
        let child = process
            .spawn()
            .with_context(|| format!("could not start {}", command[0].to_string_lossy()))?;
        // Its own copies of the pipes would keep them open.
        drop(process);
        let outer = child.id().context("it has ended at once")?;
        let outer = i32::try_from(outer).context("its id is no process id")?;
        let mut program = Self {
            child,
            pid: outer,
            started,
            stdout,
            stderr,
        };
        if as_pid_1 {
            program.pid = program.inner(outer).await?;
        }
        Ok(program)
    }

    /// The process that `unshare` has started.
    async fn inner(&mut self, outer: i32) -> anyhow::Result<i32> {
        while self.started.elapsed() < NAMESPACE {
            if let Some(pid) = processes::child(outer) {
                return Ok(pid);
            }
            if self.has_ended()? {
                break;
            }
            sleep(Duration::from_millis(2)).await;
        }
        bail!("no process was started in a PID namespace of its own")
    }

    pub(super) fn pid(&self) -> i32 {
        self.pid
    }

    pub(super) fn has_ended(&mut self) -> anyhow::Result<bool> {
        Ok(self.status()?.is_some())
    }

    /// How it ended, where it has.
    pub(super) fn status(&mut self) -> anyhow::Result<Option<ExitStatus>> {
        Ok(self.child.try_wait()?)
    }

    /// To the program alone, as Kubernetes and Docker do.
    pub(super) fn signal(&self, signal: Signal) {
        self.send(signal.for_kernel());
    }

    fn send(&self, signal: rustix::process::Signal) {
        if let Some(pid) = Pid::from_raw(self.pid) {
            // One that has ended is not there any more, and that is seen by whoever waits for it.
            let _ = kill_process(pid, signal);
        }
    }

    /// Stops and continues it, with what it has started.
    pub(super) fn group(&self) -> Option<Pid> {
        Pid::from_raw(self.pid)
    }

    /// Waits for its end, and where that has not come by `deadline` kills it.
    pub(super) async fn end(&mut self, deadline: Instant) -> anyhow::Result<Exit> {
        let left = deadline.saturating_duration_since(Instant::now());
        if let Ok(status) = timeout(left, self.child.wait()).await {
            return Ok(Exit::of(status?, false));
        }
        self.send(rustix::process::Signal::KILL);
        let status = self.child.wait().await?;
        Ok(Exit::of(status, true))
    }
}

impl Exit {
    fn of(status: ExitStatus, killed: bool) -> Self {
        Self {
            code: status.code(),
            by_signal: status.signal(),
            killed,
        }
    }
}

/// Sends a signal to a program and what it has started.
pub(super) fn to_group(group: Pid, signal: rustix::process::Signal) {
    // It may have ended.
    let _ = kill_process_group(group, signal);
}
