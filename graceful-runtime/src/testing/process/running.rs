//! A program that runs, from its start on.

use super::ended::Ended;
use super::output::{NoLine, Output};
use super::program::Program;
use crate::reason::Signal;
use crate::testing::witness::Witness;
use rustix::process::{Pid, kill_process, kill_process_group};
use std::fmt;
use std::io;
use std::net::{TcpStream, ToSocketAddrs};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// How often it is asked what gives no sign of itself.
const TURN: Duration = Duration::from_millis(1);

/// What left its group may hold its output open: so long it is waited for.
const OUTPUT_ENDS_WITHIN: Duration = Duration::from_secs(1);

/// A program that runs: see [`Program`]. Killed when dropped, with what it has started.
#[must_use = "it is killed when this is dropped"]
pub struct Process {
    words: String,
    child: Child,
    /// What it has started ends with it. None once it has been reaped: the number may be another's.
    group: Option<Pid>,
    target: Pid,
    stdout: Output,
    stderr: Output,
    patience: Duration,
    /// The first signal, or its start where there was none.
    began: Instant,
    signalled: bool,
}

/// Whether somebody listens: where nobody does, the kernel may take the very port for the socket, and connect it to itself.
fn connect(address: &impl ToSocketAddrs) -> io::Result<()> {
    let stream = TcpStream::connect(address)?;
    if stream.local_addr()? == stream.peer_addr()? {
        return Err(io::ErrorKind::ConnectionRefused.into());
    }
    Ok(())
}

impl Program {
    /// Starts it.
    ///
    /// # Panics
    ///
    /// If that can't be done.
    #[track_caller]
    pub fn start(self) -> Process {
        let Self {
            mut command,
            patience,
            stdout,
            stderr,
        } = self;
        for name in ["GRACEFUL_TIMEOUT", "GRACEFUL_DELAY", "GRACEFUL_GRACE"] {
            if !command.get_envs().any(|(set, _)| set == name) {
                command.env_remove(name);
            }
        }
        command
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let words = words(&command);
        // It watches from here on.
        Witness::get();
        let began = Instant::now();
        let mut child = match command.spawn() {
            Ok(child) => child,
            Err(error) => panic!("{words} can't be started: {error}"),
        };
        let pid = pid(child.id());
        let pipe = "it was piped";
        Process {
            stdout: Output::of(child.stdout.take().expect(pipe), stdout),
            stderr: Output::of(child.stderr.take().expect(pipe), stderr),
            words,
            child,
            group: Some(pid),
            target: pid,
            patience,
            began,
            signalled: false,
        }
    }
}

impl Process {
    /// Its process id.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends signals to this process from here on, where what was started is a wrapper (`unshare`, a
    /// shell) that does not hand them on.
    ///
    /// # Panics
    ///
    /// If that is no process id.
    #[track_caller]
    pub fn signals_go_to(&mut self, id: u32) -> &mut Self {
        self.target = pid(id);
        self
    }

    /// Waits for its next line of standard output to be this one.
    ///
    /// # Panics
    ///
    /// If it is another, if none comes in [time](Program::patience), or if the output ends before.
    #[track_caller]
    pub fn expect_line(&mut self, line: &str) -> &mut Self {
        let until = self.until();
        let said = self.stdout.wait_for(|_| true, until);
        let said = self.or_panic(said, line);
        assert!(said == line, "not {line:?} but {said:?}\n{self}");
        self
    }

    /// Waits for a line of standard output that has these words, among those behind the one that was
    /// waited for last; it is returned whole.
    ///
    /// # Panics
    ///
    /// If none comes in [time](Program::patience), or if the output ends before.
    #[track_caller]
    pub fn wait_for_line(&mut self, words: &str) -> String {
        let until = self.until();
        let said = self.stdout.wait_for(|line| line.contains(words), until);
        self.or_panic(said, words)
    }

    /// The same of standard error.
    ///
    /// # Panics
    ///
    /// As [`wait_for_line`](Process::wait_for_line).
    #[track_caller]
    pub fn wait_for_stderr(&mut self, words: &str) -> String {
        let until = self.until();
        let said = self.stderr.wait_for(|line| line.contains(words), until);
        self.or_panic(said, words)
    }

    /// Waits until it, or anybody, accepts connections at this address.
    ///
    /// # Panics
    ///
    /// If that does not come in [time](Program::patience), or if it ends before.
    #[track_caller]
    pub fn wait_for_port(&mut self, address: impl ToSocketAddrs) -> &mut Self {
        let until = self.until();
        while let Err(error) = connect(&address) {
            assert!(self.runs(), "it has ended\n{self}");
            assert!(Instant::now() < until, "{error}\n{self}");
            sleep(TURN);
        }
        self
    }

    /// Sends it a signal, with kill(2). With the first one the clock starts that
    /// [`Ended::took`] shows.
    ///
    /// # Panics
    ///
    /// If its end has been seen.
    #[track_caller]
    pub fn signal(&mut self, signal: Signal) -> &mut Self {
        assert!(self.group.is_some(), "it has ended\n{self}");
        if !self.signalled {
            self.began = Instant::now();
            self.signalled = true;
        }
        if let Err(error) = kill_process(self.target, native(signal)) {
            panic!("{signal} can't be sent: {error}\n{self}");
        }
        self
    }

    /// Lets some time pass.
    pub fn after(&mut self, time: Duration) -> &mut Self {
        sleep(time);
        self
    }

    /// Whether it has not ended.
    pub fn runs(&mut self) -> bool {
        self.group.is_some() && self.try_end().is_none()
    }

    /// Waits for its end.
    ///
    /// # Panics
    ///
    /// If that does not come in [time](Program::patience); it is killed then.
    #[track_caller]
    pub fn end(&mut self) -> Ended {
        let until = self.until();
        let status = loop {
            if let Some(status) = self.try_end() {
                break status;
            }
            assert!(
                Instant::now() < until,
                "it has not ended after {:?}\n{self}",
                self.patience
            );
            self.sleep_until_it_ends(until);
        };
        let ended = Instant::now();
        let took = ended - self.began;
        let output_ends = Instant::now() + OUTPUT_ENDS_WITHIN;
        Ended {
            status,
            took,
            stood_still: Witness::get().stood_still(self.began, ended),
            stdout: self.stdout.all(output_ends),
            stderr: self.stderr.all(output_ends),
            words: self.words.clone(),
        }
    }

    /// It is not asked meanwhile: 48 programs beside each other, each asked every millisecond, took a quarter of a processor.
    #[cfg(target_os = "linux")]
    fn sleep_until_it_ends(&self, until: Instant) {
        use rustix::event::{PollFd, PollFlags, poll};
        use rustix::process::{PidfdFlags, pidfd_open};

        // A kernel before 5.3 has none, and a sandbox may refuse it.
        let Some(Ok(ends)) = self.group.map(|pid| pidfd_open(pid, PidfdFlags::empty())) else {
            return sleep(TURN);
        };
        let left = until.saturating_duration_since(Instant::now());
        // A patience beyond what the kernel counts is for ever.
        let left = left.try_into().ok();
        // Whatever it says, the program is asked next.
        let _ = poll(&mut [PollFd::new(&ends, PollFlags::IN)], left.as_ref());
    }

    #[cfg(not(target_os = "linux"))]
    #[expect(clippy::unused_self, reason = "on Linux it is asked for its number")]
    fn sleep_until_it_ends(&self, _until: Instant) {
        sleep(TURN);
    }

    /// Reaps it, where it has ended.
    #[track_caller]
    fn try_end(&mut self) -> Option<ExitStatus> {
        let status = match self.child.try_wait() {
            Ok(status) => status,
            Err(error) => panic!("{error}\n{self}"),
        };
        if status.is_some() {
            // At once, so that the number is still nobody else's.
            self.kill_group();
        }
        status
    }

    fn until(&self) -> Instant {
        Instant::now() + self.patience
    }

    #[track_caller]
    fn or_panic(&self, line: Result<String, NoLine>, words: &str) -> String {
        match line {
            Ok(line) => line,
            Err(NoLine::Over) => panic!("it never says {words:?}\n{self}"),
            Err(NoLine::Late) => panic!(
                "it does not say {words:?} within {:?}\n{self}",
                self.patience
            ),
        }
    }

    fn kill_group(&mut self) {
        if let Some(group) = self.group.take() {
            // Where nobody is left in it there is nothing to do.
            let _ = kill_process_group(group, rustix::process::Signal::KILL);
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill_group();
        // Should it have left its group.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// What it has written so far, for assertions of your own.
impl fmt::Display for Process {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (stdout, stderr) = (self.stdout.so_far(), self.stderr.so_far());
        f.write_str(&super::ended::story(&self.words, &stdout, &stderr))
    }
}

impl fmt::Debug for Process {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Process")
            .field("words", &self.words)
            .field("id", &self.id())
            .finish_non_exhaustive()
    }
}

#[track_caller]
fn pid(id: u32) -> Pid {
    let pid = i32::try_from(id).ok().and_then(Pid::from_raw);
    pid.expect("a process id")
}

fn native(signal: Signal) -> rustix::process::Signal {
    use rustix::process::Signal as Native;
    match signal {
        Signal::Interrupt => Native::INT,
        Signal::Terminate => Native::TERM,
        Signal::Hangup => Native::HUP,
        Signal::Quit => Native::QUIT,
    }
}

/// The program's own name and its arguments.
fn words(command: &std::process::Command) -> String {
    let path = std::path::Path::new(command.get_program());
    let name = path.file_name().unwrap_or(path.as_os_str());
    let arguments = command.get_args().map(|word| word.to_string_lossy());
    std::iter::once(name.to_string_lossy())
        .chain(arguments)
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    #[test]
    fn a_port_without_a_listener_is_not_open_since_a_socket_met_itself() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let mut address = listener.local_addr().unwrap();
        assert!(connect(&address).is_ok());
        // Linux gives the even ones to who connects: some 14,000, one after the other.
        address.set_port(address.port() & !1);
        drop(listener);
        for _ in 0..30_000 {
            assert!(connect(&address).is_err());
        }
    }
}
