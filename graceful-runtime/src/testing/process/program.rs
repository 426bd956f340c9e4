//! A program that is about to be started.

use super::pipe::Pipe;
use std::ffi::OsStr;
use std::process::Command;
use std::time::Duration;

/// What reaches this is no program under test any more, but one that hangs.
const PATIENCE: Duration = Duration::from_secs(30);

/// A program to be tested from outside, with real signals: `env!("CARGO_BIN_EXE_name")` is the path of a
/// binary of the test's own package.
///
/// ```no_run
/// use graceful::Signal;
/// use graceful::testing::Program;
/// use std::time::Duration;
///
/// # const SERVICE: &str = "service";
/// # fn main() { // in a test: #[test] fn it_stops()
/// # /*
/// const SERVICE: &str = env!("CARGO_BIN_EXE_service");
/// # */
/// let mut service = Program::new(SERVICE).env("PORT", "0").start();
/// let line = service.wait_for_line("listening on");
/// // … use it …
/// let ended = service.signal(Signal::Terminate).end();
/// ended
///     .assert_code(0)
///     .assert_within(Duration::from_secs(5));
/// # }
/// ```
///
/// It runs in a process group of its own, which is killed with the [`Process`](super::Process), should the test fail. Its
/// standard input is a pipe that stays open and empty. `GRACEFUL_TIMEOUT`, `GRACEFUL_DELAY` and `GRACEFUL_GRACE` are taken out
/// of its environment, unless set [here](Program::env).
#[derive(Debug)]
#[must_use = "nothing runs until `start` is called"]
pub struct Program {
    pub(super) command: Command,
    pub(super) patience: Duration,
    pub(super) stdout: Pipe,
    pub(super) stderr: Pipe,
}

impl Program {
    /// Of this path, without arguments.
    pub fn new(path: impl AsRef<OsStr>) -> Self {
        Command::new(path).into()
    }

    /// Adds an argument.
    pub fn arg(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.command.arg(argument);
        self
    }

    /// Adds arguments.
    pub fn args(mut self, arguments: impl IntoIterator<Item: AsRef<OsStr>>) -> Self {
        self.command.args(arguments);
        self
    }

    /// Sets a variable of its environment.
    pub fn env(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Takes a variable out of its environment.
    pub fn env_remove(mut self, name: impl AsRef<OsStr>) -> Self {
        self.command.env_remove(name);
        self
    }

    /// Who reads its standard output. Default: the test.
    pub fn stdout(mut self, reader: Pipe) -> Self {
        self.stdout = reader;
        self
    }

    /// Who reads its standard error. Default: the test.
    pub fn stderr(mut self, reader: Pipe) -> Self {
        self.stderr = reader;
        self
    }

    /// The longest that anything is waited for: a line, a port, its end. Default: 30 s.
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }
}

/// A command with what else it has: a working directory, say. Its standard streams are set anew.
impl From<Command> for Program {
    fn from(command: Command) -> Self {
        Self {
            command,
            patience: PATIENCE,
            stdout: Pipe::Read,
            stderr: Pipe::Read,
        }
    }
}
