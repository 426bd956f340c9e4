//! What is to have come of a stop.

use super::names;
use crate::outcome::Outcome;
use crate::report::{Report, StepReport};
use std::time::Duration;

/// Assertions on a [`Report`], wherever it comes from. Each panics with the timeline where it does not hold,
/// and with the names that there are where a step is unknown.
///
/// ```
/// use graceful::testing::{AssertReport as _, Fault, run};
/// use tokio::task::JoinHandle;
///
/// let workers = async || vec![tokio::spawn(graceful::requested()), tokio::spawn(async {})];
/// let report = run(workers).fault("0", Fault::Fail("lost the lease")).report();
/// report.assert_failed("0", "the lease").assert_closed("1");
/// ```
///
/// This trait is sealed: it is there for [`Report`] alone.
pub trait AssertReport: sealed::Sealed {
    /// Everything closed, on time.
    #[track_caller]
    fn assert_clean(&self) -> &Self;

    /// The step closed.
    #[track_caller]
    fn assert_closed(&self, step: &str) -> &Self;

    /// There was nothing to close: an `Option` that is `None`.
    #[track_caller]
    fn assert_skipped(&self, step: &str) -> &Self;

    /// The step failed, with an error whose text (that of its sources included) has these words.
    #[track_caller]
    fn assert_failed(&self, step: &str, words: &str) -> &Self;

    /// The step panicked, with a message that has these words.
    #[track_caller]
    fn assert_panicked(&self, step: &str, words: &str) -> &Self;

    /// The step had not ended at its limit.
    #[track_caller]
    fn assert_timed_out(&self, step: &str) -> &Self;

    /// The step had not ended near its limit, and its `force` has closed it.
    #[track_caller]
    fn assert_forced(&self, step: &str) -> &Self;

    /// The total deadline came before the step could begin.
    #[track_caller]
    fn assert_not_started(&self, step: &str) -> &Self;

    /// Each of these steps began once the one before it had ended. Others may run whenever they like.
    #[track_caller]
    fn assert_order<'a>(&self, steps: impl IntoIterator<Item = &'a str>) -> &Self;

    /// These steps began at the same moment: exact in paused time only.
    #[track_caller]
    fn assert_together<'a>(&self, steps: impl IntoIterator<Item = &'a str>) -> &Self;

    /// The whole stop took no longer than this.
    #[track_caller]
    fn assert_within(&self, limit: Duration) -> &Self;

    /// When the step began, from the beginning of the stop.
    ///
    /// # Panics
    ///
    /// If it never did.
    #[track_caller]
    fn started(&self, step: &str) -> Duration;

    /// When the step ended or was left behind, from the beginning of the stop.
    ///
    /// # Panics
    ///
    /// If it never began.
    #[track_caller]
    fn ended(&self, step: &str) -> Duration;
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for crate::report::Report {}
}

impl AssertReport for Report {
    fn assert_clean(&self) -> &Self {
        assert!(self.is_clean(), "not clean\n{self}");
        self
    }

    fn assert_closed(&self, step: &str) -> &Self {
        has_outcome(self, step, &Outcome::Closed)
    }

    fn assert_skipped(&self, step: &str) -> &Self {
        has_outcome(self, step, &Outcome::Skipped)
    }

    fn assert_failed(&self, step: &str, words: &str) -> &Self {
        let found = find(self, step);
        let said =
            matches!(&found.outcome, Outcome::Failed(why) if why.to_string().contains(words));
        assert!(
            said,
            "`{step}` did not fail with {words:?}: {}\n{self}",
            found.outcome
        );
        self
    }

    fn assert_panicked(&self, step: &str, words: &str) -> &Self {
        let found = find(self, step);
        let said = matches!(&found.outcome, Outcome::Panicked(why) if why.contains(words));
        assert!(
            said,
            "`{step}` did not panic with {words:?}: {}\n{self}",
            found.outcome
        );
        self
    }

    fn assert_timed_out(&self, step: &str) -> &Self {
        has_outcome(self, step, &Outcome::TimedOut)
    }

    fn assert_forced(&self, step: &str) -> &Self {
        has_outcome(self, step, &Outcome::Forced(Box::new(Outcome::Closed)))
    }

    fn assert_not_started(&self, step: &str) -> &Self {
        has_outcome(self, step, &Outcome::NotStarted)
    }

    fn assert_order<'a>(&self, steps: impl IntoIterator<Item = &'a str>) -> &Self {
        let mut before: Option<&str> = None;
        for step in steps {
            let started = self.started(step);
            if let Some(before) = before {
                let ended = self.ended(before);
                assert!(
                    started >= ended,
                    "`{step}` began after {started:?}, before `{before}` had ended after {ended:?}\n{self}"
                );
            }
            before = Some(step);
        }
        self
    }

    fn assert_together<'a>(&self, steps: impl IntoIterator<Item = &'a str>) -> &Self {
        let mut steps = steps.into_iter();
        let Some(first) = steps.next() else {
            return self;
        };
        let together = self.started(first);
        for step in steps {
            let started = self.started(step);
            assert!(
                started == together,
                "`{step}` began after {started:?}, and `{first}` after {together:?}\n{self}"
            );
        }
        self
    }

    fn assert_within(&self, limit: Duration) -> &Self {
        assert!(
            self.total <= limit,
            "it took {:?}, longer than {limit:?}\n{self}",
            self.total
        );
        self
    }

    fn started(&self, step: &str) -> Duration {
        let Some(started) = find(self, step).started else {
            panic!("`{step}` never began\n{self}");
        };
        started
    }

    fn ended(&self, step: &str) -> Duration {
        self.started(step) + find(self, step).took
    }
}

#[track_caller]
fn find<'a>(report: &'a Report, name: &str) -> &'a StepReport {
    match report.step(name) {
        Some(step) => step,
        None => panic!("{}\n{report}", names::unknown(report, name)),
    }
}

#[track_caller]
fn has_outcome<'a>(report: &'a Report, step: &str, expected: &Outcome) -> &'a Report {
    let found = &find(report, step).outcome;
    assert!(
        std::mem::discriminant(found) == std::mem::discriminant(expected),
        "`{step}` is not {expected}: {found}\n{report}"
    );
    report
}
