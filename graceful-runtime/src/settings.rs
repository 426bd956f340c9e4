//! What the attribute or the builder says, and what the environment says instead.

use crate::duration::{Written, from_variable, limit_from_variable};
use crate::reason::Signal;
use std::path::PathBuf;
use std::time::Duration;

/// When the timeline goes to standard error. Through `tracing` it always goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReportWhen {
    /// When something did not close, or not on time.
    #[default]
    Unclean,
    /// At the end of every stop.
    Always,
    /// Never, also where the exit is forced: what reads the log has it from there.
    Never,
}

/// What tasks of the runtime are that are still alive when everything has been closed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum LeakedTasks {
    /// A line in the report.
    #[default]
    Report,
    /// A line in the report, and a stop that is not clean: exit code 1.
    Fail,
}

/// What nobody lives to see the end of: a `Duration::MAX` may be given for "wait", and can be added to no moment. Well within
/// what can, since those who have that moment add to it.
pub(crate) const LONGEST: Duration = Duration::from_secs(30 * 365 * 24 * 60 * 60);

/// Bad values in the environment end the process with this code: before any user code has run, where the plan is known then.
pub(crate) const BAD_ENVIRONMENT: u8 = 2;

/// How a process ends that a signal has stopped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum EndBy {
    /// With its exit code.
    #[default]
    Code,
    /// Of that signal, as if nobody had caught it: a shell's loop ends with Ctrl-C, and whoever waits for the process is told.
    /// Where a code was asked for by [`exit`](crate::exit), `main` panicked, or the process is the first one of its namespace,
    /// with the code. Not on Windows.
    Signal,
}

#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) timeout: Duration,
    pub(crate) delay: Duration,
    /// What the platform gives before it kills, and what of that is over before it sends its signal.
    pub(crate) grace: Option<(Duration, Duration)>,
    pub(crate) blocking_grace: Duration,
    /// What the last words have together, where the program says so.
    pub(crate) last_words: Option<Duration>,
    pub(crate) signals: Vec<Signal>,
    pub(crate) report: ReportWhen,
    /// How it dies of the signal that stopped it, where it is to: named by whoever chooses that.
    pub(crate) die_of: Option<fn(Signal)>,
    /// Where the report is written too.
    pub(crate) report_file: Option<PathBuf>,
    pub(crate) leaked_tasks: LeakedTasks,
    /// Whether the body of `main` ends by itself at a signal; found out where it is not said.
    pub(crate) listens: Option<bool>,
    /// The most closing threads.
    pub(crate) closing_threads: usize,
    /// Their stacks, in bytes.
    pub(crate) closing_stack_size: Option<usize>,
    #[cfg(feature = "test-util")]
    pub(crate) faults: std::sync::Arc<crate::fault::Faults>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            // Inside the 30 s that Kubernetes and Docker's usual settings give before SIGKILL.
            timeout: Duration::from_secs(25),
            delay: Duration::ZERO,
            grace: None,
            blocking_grace: Duration::from_secs(1),
            last_words: None,
            signals: Signal::DEFAULT.to_vec(),
            report: ReportWhen::default(),
            die_of: None,
            report_file: None,
            leaked_tasks: LeakedTasks::default(),
            listens: None,
            // As many as tokio's own pool for blocking work has.
            closing_threads: 512,
            closing_stack_size: None,
            #[cfg(feature = "test-util")]
            faults: std::sync::Arc::default(),
        }
    }
}

impl Settings {
    /// Lets `GRACEFUL_TIMEOUT`, `GRACEFUL_DELAY`, `GRACEFUL_GRACE` and `GRACEFUL_REPORT_FILE` override.
    ///
    /// # Errors
    ///
    /// One line that says which variable is wrong, and how to write it.
    ///
    /// # Panics
    ///
    /// If the options alone leave no time: that is the program's own mistake.
    #[track_caller]
    pub(crate) fn overridden_by(
        mut self,
        variable: &dyn Fn(&str) -> Option<std::ffi::OsString>,
    ) -> Result<Self, String> {
        let file = variable("GRACEFUL_REPORT_FILE").filter(|file| !file.is_empty());
        self.report_file = file.map(PathBuf::from).or(self.report_file);
        let duration = |name, example| from_variable(name, example, variable(name));
        let timeout = variable("GRACEFUL_TIMEOUT");
        let timeout = limit_from_variable("GRACEFUL_TIMEOUT", "25s", timeout)?;
        let delay = duration("GRACEFUL_DELAY", "5s")?;
        let grace = duration("GRACEFUL_GRACE", "30s")?;
        let from_outside = timeout.is_some() || delay.is_some() || grace.is_some();
        self.timeout = timeout.unwrap_or(self.timeout);
        self.delay = delay.unwrap_or(self.delay);
        // A delay of zero was written by nobody.
        assert!(
            !self.timeout.is_zero(),
            "the option `timeout` must be longer than zero: give the whole stop some time, or leave the option away"
        );
        if self.delay >= self.timeout {
            assert!(
                from_outside,
                "the option `delay = \"{}\"` leaves nothing of `timeout = \"{}\"`: \
                 give the whole stop longer than its delay",
                Written(self.delay),
                Written(self.timeout),
            );
            return Err(format!(
                "the delay of {} leaves nothing of the timeout of {}: \
                 set GRACEFUL_DELAY below GRACEFUL_TIMEOUT",
                Written(self.delay),
                Written(self.timeout),
            ));
        }
        if let Some(grace) = grace {
            let (_, pre_stop) = self.grace.unwrap_or_default();
            self.grace = Some((grace, pre_stop));
        }
        if let Some((grace, pre_stop)) = self.grace {
            if self.timeout.saturating_add(pre_stop) > grace {
                let timeout = Written(self.timeout);
                let grace = Written(grace);
                let pre_stop = Written(pre_stop);
                assert!(
                    from_outside,
                    "the option `timeout = \"{timeout}\"` is longer than the platform waits before it \
                     kills, `grace = \"{grace}\"` less `pre_stop = \"{pre_stop}\"`",
                );
                return Err(format!(
                    "the timeout of {timeout} is longer than the platform waits before it kills, {grace} \
                     less {pre_stop} for its hook: lower GRACEFUL_TIMEOUT, or say in GRACEFUL_GRACE how \
                     long it waits here"
                ));
            }
        }
        Ok(self.within_what_clocks_hold())
    }

    fn within_what_clocks_hold(self) -> Self {
        Self {
            timeout: self.timeout.min(LONGEST),
            delay: self.delay.min(LONGEST),
            blocking_grace: self.blocking_grace.min(LONGEST),
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(timeout: &str, delay: &str) -> Result<Settings, String> {
        Settings::default().overridden_by(&|name| match name {
            "GRACEFUL_TIMEOUT" => Some(timeout.into()),
            "GRACEFUL_DELAY" => Some(delay.into()),
            _ => None,
        })
    }

    #[test]
    fn the_environment_overrides() {
        let settings = with("1m 30s", "500ms").unwrap();
        assert_eq!(settings.timeout, Duration::from_secs(90));
        assert_eq!(settings.delay, Duration::from_millis(500));
    }

    #[test]
    fn an_empty_variable_is_not_set() {
        assert_eq!(with("", "").unwrap().timeout, Duration::from_secs(25));
    }

    #[test]
    fn a_delay_of_zero_is_none() {
        assert_eq!(with("1s", "0").unwrap().delay, Duration::ZERO);
    }

    #[test]
    fn what_is_given_for_ever_can_be_added_to_a_moment() {
        let settings = Settings {
            timeout: Duration::MAX,
            delay: Duration::MAX.saturating_sub(Duration::from_secs(1)),
            blocking_grace: Duration::MAX,
            ..Settings::default()
        };
        let settings = settings.overridden_by(&|_| None).unwrap();
        let now = tokio::time::Instant::now();
        for long in [settings.timeout, settings.delay, settings.blocking_grace] {
            assert!(now.checked_add(2 * long).is_some());
        }
    }

    #[test]
    #[should_panic = "the option `timeout` must be longer than zero"]
    fn a_timeout_of_zero_is_named_though_there_is_no_delay() {
        let settings = Settings {
            timeout: Duration::ZERO,
            ..Settings::default()
        };
        drop(settings.overridden_by(&|_| None));
    }

    #[test]
    #[should_panic = "the option `delay = \"5s\"` leaves nothing of `timeout = \"5s\"`"]
    fn options_that_leave_no_time_are_named() {
        let settings = Settings {
            timeout: Duration::from_secs(5),
            delay: Duration::from_secs(5),
            ..Settings::default()
        };
        drop(settings.overridden_by(&|_| None));
    }

    fn in_a_pod(timeout: &'static str, grace: &'static str) -> Result<Settings, String> {
        let settings = Settings {
            grace: Some((Duration::from_secs(35), Duration::from_secs(5))),
            ..Settings::default()
        };
        settings.overridden_by(&|name| match name {
            "GRACEFUL_TIMEOUT" => Some(timeout.into()),
            "GRACEFUL_GRACE" => Some(grace.into()),
            _ => None,
        })
    }

    #[test]
    fn a_timeout_from_outside_has_to_fit_what_the_platform_gives() {
        assert!(in_a_pod("30s", "").is_ok());
        assert!(in_a_pod("40s", "45s").is_ok());
        for (timeout, grace) in [("40s", ""), ("", "20s"), ("30s", "34s")] {
            let error = in_a_pod(timeout, grace).unwrap_err();
            assert!(error.contains("GRACEFUL_GRACE"), "{error}");
            assert!(!error.contains('\n'), "{error}");
        }
    }

    #[test]
    #[should_panic = "the option `timeout = \"40s\"` is longer than the platform waits"]
    fn options_that_the_platform_would_kill_are_named() {
        let settings = Settings {
            timeout: Duration::from_secs(40),
            grace: Some((Duration::from_secs(35), Duration::from_secs(5))),
            ..Settings::default()
        };
        drop(settings.overridden_by(&|_| None));
    }

    #[test]
    fn bad_values_say_which_and_how() {
        for (timeout, delay, words) in [
            ("abc", "", "GRACEFUL_TIMEOUT=\"abc\" is not a duration"),
            ("5", "", "write it like `25s`"),
            ("0s", "", "GRACEFUL_TIMEOUT must be longer than zero"),
            ("", "-1s", "GRACEFUL_DELAY=\"-1s\" is not a duration"),
            ("5s", "5s", "set GRACEFUL_DELAY below GRACEFUL_TIMEOUT"),
        ] {
            let error = with(timeout, delay).unwrap_err();
            assert!(error.contains(words), "{error}");
            assert!(!error.contains('\n'), "{error}");
        }
    }
}
