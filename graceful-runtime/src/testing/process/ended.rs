//! How a program ended, and what is to have come of it.

use crate::reason::Signal;
use std::fmt;
use std::os::unix::process::ExitStatusExt as _;
use std::process::ExitStatus;
use std::time::Duration;

/// How a program ended. Each assertion panics with all that it wrote, where it does not hold; so does
/// `{}` show it for assertions of your own.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Ended {
    /// Its exit status.
    pub status: ExitStatus,
    /// From the first signal, or the start of a program that was sent none, until it was reaped. The test
    /// looks every millisecond.
    pub took: Duration,
    /// How much of that time the machine stood still, as a paused virtual machine does: a thread of the test, which only
    /// sleeps, was not woken either. Gaps of less than 100 ms don't count.
    pub stood_still: Duration,
    /// All of its standard output.
    pub stdout: String,
    /// All of its standard error.
    pub stderr: String,
    pub(super) words: String,
}

impl Ended {
    /// It ended by itself, with this code.
    ///
    /// # Panics
    ///
    /// If not.
    #[track_caller]
    pub fn assert_code(&self, code: i32) -> &Self {
        assert!(self.status.code() == Some(code), "not {code}: {self}");
        self
    }

    /// It was ended by this signal, as one without a handler for it is.
    ///
    /// # Panics
    ///
    /// If not.
    #[track_caller]
    pub fn assert_killed_by(&self, signal: Signal) -> &Self {
        let number = i32::from(signal.number());
        assert!(self.status.signal() == Some(number), "not {signal}: {self}");
        self
    }

    /// It took no longer than this, without the time in which the machine [stood still](Ended::stood_still). Leave room for
    /// a busy machine.
    ///
    /// # Panics
    ///
    /// If it did.
    #[track_caller]
    pub fn assert_within(&self, limit: Duration) -> &Self {
        let took = self.took.saturating_sub(self.stood_still);
        assert!(took <= limit, "longer than {limit:?}: {self}");
        self
    }

    /// A line of its standard output has all of these words.
    ///
    /// # Panics
    ///
    /// If none has.
    #[track_caller]
    pub fn assert_stdout(&self, words: &[&str]) -> &Self {
        assert!(has_line(&self.stdout, words), "no {words:?}: {self}");
        self
    }

    /// A line of its standard error has all of these words.
    ///
    /// # Panics
    ///
    /// If none has.
    #[track_caller]
    pub fn assert_stderr(&self, words: &[&str]) -> &Self {
        assert!(has_line(&self.stderr, words), "no {words:?}: {self}");
        self
    }
}

fn has_line(text: &str, words: &[&str]) -> bool {
    text.lines()
        .any(|line| words.iter().all(|word| line.contains(word)))
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let story = story(&self.words, &self.stdout, &self.stderr);
        write!(f, "{} after {:.3?}", self.status, self.took)?;
        if !self.stood_still.is_zero() {
            write!(
                f,
                ", {:.3?} of which the machine stood still",
                self.stood_still
            )?;
        }
        write!(f, "\n{story}")
    }
}

/// A program and what it wrote.
pub(super) fn story(words: &str, stdout: &str, stderr: &str) -> String {
    let part = |name: &str, text: &str| match text.trim_end() {
        "" => format!("\n{name}: nothing"),
        text => format!("\n{name}:\n{text}"),
    };
    format!(
        "{words}{}{}",
        part("standard output", stdout),
        part("standard error", stderr)
    )
}
