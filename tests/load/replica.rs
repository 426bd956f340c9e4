//! A server as a process of its own. Not the test kit's `Program`, whose feature brings tokio's clock for tests along: the
//! servers here are measured, and would be built with it.

use std::net::SocketAddr;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;

/// Nothing takes this long.
pub(crate) const LOST: Duration = Duration::from_secs(50);

/// A server that runs; killed where a test drops it.
#[derive(Debug)]
pub struct Replica {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Replica {
    /// Starts `program` at `port`, 0 for any, with these variables in its environment.
    ///
    /// # Panics
    ///
    /// Where it does not come up.
    pub async fn start(program: &str, port: u16, variables: &[(&str, &str)]) -> Self {
        let mut child = Command::new(program)
            .env("PORT", port.to_string())
            .envs(variables.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("the server starts");
        let stdout = child.stdout.take().expect("it was piped");
        let mut lines = BufReader::new(stdout).lines();
        let line = timeout(LOST, lines.next_line()).await;
        let line = line.expect("it says where it listens").expect("a line");
        let address = line.and_then(|line| line.parse().ok());
        Self {
            child,
            address: address.expect("its first line is its address"),
        }
    }

    /// Sends it a SIGTERM.
    ///
    /// # Panics
    ///
    /// Where it has ended.
    pub fn terminate(&self) {
        let id = self.child.id().expect("it runs");
        let id = rustix::process::Pid::from_raw(id.cast_signed()).expect("not 0");
        rustix::process::kill_process(id, rustix::process::Signal::TERM).expect("it runs");
    }

    /// How much memory it holds.
    ///
    /// # Panics
    ///
    /// Where it has ended, or the machine does not say it as Linux does.
    pub fn resident_kilobytes(&self) -> usize {
        let id = self.child.id().expect("it runs");
        let status = std::fs::read_to_string(format!("/proc/{id}/status")).expect("it runs");
        let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kilobytes = resident.and_then(|text| text.split_whitespace().next());
        kilobytes
            .and_then(|text| text.parse().ok())
            .expect("a number")
    }

    /// How long its threads have run, in the kernel too.
    ///
    /// # Panics
    ///
    /// Where it has ended, or the machine does not say it as Linux does.
    pub fn processor_nanoseconds(&self) -> u64 {
        let id = self.child.id().expect("it runs");
        let threads = std::fs::read_dir(format!("/proc/{id}/task")).expect("it runs");
        let times = threads.map(|thread| {
            let file = thread.expect("it runs").path().join("schedstat");
            let text = std::fs::read_to_string(file).expect("it runs");
            let time = text
                .split_whitespace()
                .next()
                .and_then(|time| time.parse::<u64>().ok());
            time.expect("a number")
        });
        times.sum()
    }

    /// Waits for its end.
    ///
    /// # Panics
    ///
    /// Where that does not come.
    pub async fn ended(mut self) -> ExitStatus {
        let ended = timeout(LOST, self.child.wait()).await;
        ended.expect("it ends").expect("it can be waited for")
    }
}
