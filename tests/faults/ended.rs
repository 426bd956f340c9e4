//! How a program ended, and what a row demands of that.

use crate::faults::harness::ms;
use graceful::CauseKind;
use serde_json::Value;
use std::cell::Cell;
use std::fmt::Write as _;
use std::process::ExitStatus;
use std::time::Duration;

/// For a machine on which other things run as well.
const NOISE: Duration = Duration::from_secs(3);

/// How a program ended.
pub(crate) struct Ended {
    pub(crate) status: ExitStatus,
    pub(crate) took: Duration,
    /// How long of it nobody was run.
    pub(crate) stood_still: Duration,
    pub(crate) marks: Vec<(Duration, String)>,
    pub(crate) stderr: String,
    pub(crate) row: String,
    /// What `GRACEFUL_REPORT_FILE` has of it.
    pub(crate) record: Option<Value>,
    pub(crate) debt: Debt,
}

/// The component, the kind, and words of the message.
pub(crate) type Cause = (&'static str, &'static str, &'static str);

/// What nobody waits for, and has had its grace.
pub(crate) const BLOCKING_WORK: Cause = ("blocking_work", "left_behind", "had not ended after");

/// What a task that blocks its worker is: where that is the main thread, it is the whole runtime.
pub(crate) fn blocked_worker(flavor: &str) -> Cause {
    match flavor {
        "multi_thread" => BLOCKING_WORK,
        _ => ("runtime", "blocked", "a task blocks its thread"),
    }
}

/// A row whose record has causes, or should have some, owes it to name them.
pub(crate) struct Debt {
    row: String,
    is_open: Cell<bool>,
}

impl Debt {
    pub(crate) fn of(row: &str, record: Option<&Value>) -> Self {
        Self {
            row: row.to_owned(),
            is_open: Cell::new(record.is_some_and(|record| {
                record["exit_code"] != 0 || record["causes"] != serde_json::json!([])
            })),
        }
    }
}

impl Drop for Debt {
    fn drop(&mut self) {
        let is_forgotten = self.is_open.get() && !std::thread::panicking();
        assert!(!is_forgotten, "{}: `caused_by` is missing", self.row);
    }
}

impl Ended {
    /// What a failed assertion shows.
    fn story(&self) -> String {
        let Self {
            status,
            took,
            stood_still,
            ..
        } = self;
        let row = &self.row;
        let mut story =
            format!("{row}: {status} after {took:.3?}, {stood_still:.3?} of it still\n");
        for (at, text) in &self.marks {
            writeln!(story, "  {at:>10.3?} {text}").expect("a string takes it");
        }
        story.push_str(&self.stderr);
        story
    }

    /// What it took while the machine ran.
    pub(crate) fn ran(&self) -> Duration {
        self.took.saturating_sub(self.stood_still)
    }

    /// Whether the machine stood still meanwhile: of a run whose signals came together for that nothing follows.
    pub(crate) fn says_nothing(&self) -> bool {
        let says_nothing = !self.stood_still.is_zero();
        if says_nothing {
            self.debt.is_open.set(false);
        }
        says_nothing
    }

    /// The process ended with this code, and its record is whole and says so too.
    #[track_caller]
    pub(crate) fn code(&self, code: i32) -> &Self {
        self.code_of_process(code);
        let record = self.whole_record();
        assert_eq!(record["exit_code"], code, "{record:#} {}", self.story());
        self
    }

    /// The same where there is nothing to record: it did not get as far as a stop, or has no time for it.
    #[track_caller]
    pub(crate) fn code_without_record(&self, code: i32) -> &Self {
        self.code_of_process(code);
        assert!(self.record.is_none(), "{:#?}", self.record);
        self
    }

    #[track_caller]
    pub(crate) fn code_of_process(&self, code: i32) -> &Self {
        assert_eq!(self.status.code(), Some(code), "{}", self.story());
        self
    }

    /// Whole, whatever the process died of.
    #[track_caller]
    fn whole_record(&self) -> &Value {
        let record = self.record.as_ref();
        let record = record.unwrap_or_else(|| panic!("there is no record: {}", self.story()));
        for field in ["program", "reason", "reason_kind"] {
            assert!(record[field].is_string(), "{record:#}");
        }
        for field in ["total_ms", "budget_ms", "began_unix_ms", "exit_code", "pid"] {
            assert!(record[field].is_number(), "{record:#}");
        }
        for field in ["causes", "steps", "left_behind"] {
            assert!(record[field].is_array(), "{record:#}");
        }
        for step in record["steps"].as_array().into_iter().flatten() {
            assert!(step["took_ms"].is_number(), "{step:#}");
            assert!(step["outcome"].is_string(), "{step:#}");
        }
        let causes = record["causes"].as_array().into_iter().flatten();
        for cause in causes.clone() {
            let mut kinds = CauseKind::ALL.iter();
            assert!(kinds.any(|kind| cause["kind"] == kind.as_str()), "{cause}");
            assert!(
                cause["component"].as_str().is_some_and(|it| !it.is_empty()),
                "{cause}"
            );
        }
        let is_well = record["exit_code"] == 0 && record["clean"] == true;
        assert!(is_well || causes.count() > 0, "no cause: {record:#}");
        record
    }

    /// Not before `least`: it was given that time.
    #[track_caller]
    pub(crate) fn not_before(&self, least: Duration) -> &Self {
        assert!(self.took >= least, "too early: {}", self.story());
        self
    }

    /// The deadline held.
    #[track_caller]
    pub(crate) fn within(&self, limit: Duration) -> &Self {
        assert!(self.ran() < limit + NOISE, "too late: {}", self.story());
        self
    }

    /// Sooner than any limit that the program knows of.
    #[track_caller]
    pub(crate) fn at_once(&self) -> &Self {
        assert!(self.ran() < ms(1900), "not at once: {}", self.story());
        self
    }

    /// Exactly these were closed, and each order after the one before it; `queue` and `guard`
    /// stand in the order of `cache`, and may end in any.
    #[track_caller]
    pub(crate) fn closed(&self, names: &[&str]) -> &Self {
        let closed: Vec<&str> = self
            .marks
            .iter()
            .filter_map(|(_, mark)| mark.strip_prefix("closed "))
            .collect();
        for name in ["queue", "guard"] {
            let expected = names.contains(&name);
            let found = closed.contains(&name);
            assert_eq!(found, expected, "{name} closed? {}", self.story());
        }
        let in_order = |all: &[&str]| -> Vec<String> {
            let steps = all
                .iter()
                .filter(|name| !["queue", "guard"].contains(*name));
            steps.map(|name| (*name).to_owned()).collect()
        };
        assert_eq!(in_order(&closed), in_order(names), "{}", self.story());
        self
    }

    /// When the program made this mark, from the first signal.
    #[track_caller]
    pub(crate) fn mark(&self, text: &str) -> Duration {
        match self.marks.iter().find(|(_, mark)| mark == text) {
            Some((at, _)) => *at,
            None => panic!("no mark `{text}`: {}", self.story()),
        }
    }

    #[track_caller]
    pub(crate) fn did_not(&self, text: &str) -> &Self {
        let found = self.marks.iter().any(|(_, mark)| mark == text);
        assert!(!found, "there is a mark `{text}`: {}", self.story());
        self
    }

    /// How long `name` had when it began to close.
    #[track_caller]
    pub(crate) fn had(&self, name: &str, least: Duration) -> &Self {
        let prefix = format!("{name} has ");
        let has = self
            .marks
            .iter()
            .find_map(|(_, mark)| mark.strip_prefix(&prefix)?.parse().ok())
            .map(ms);
        assert!(
            has.is_some_and(|has| has >= least),
            "{has:?}: {}",
            self.story()
        );
        self
    }

    /// The report says that `name` was left at its `limit`, how long it took, and its last `word`.
    #[track_caller]
    pub(crate) fn timed_out(&self, name: &str, limit: Duration, word: &str) -> &Self {
        let line = self.stderr.lines().find_map(|line| {
            let (step, line) = line.strip_prefix("! ")?.split_once('|')?;
            (step.trim() == name).then_some(line)
        });
        let times = line.and_then(|line| {
            let (took, line) = line.split_once("| ")?.1.split_once(" s of ")?;
            let (limit, outcome) = line.split_once(" s ")?;
            let named = outcome.contains("timed out") && outcome.contains(word);
            let seconds = |text: &str| text.trim().parse().map(Duration::from_secs_f64).ok();
            named.then_some((seconds(took)?, seconds(limit)?))
        });
        // It may have begun after the moment from which its limit runs, and be left later: on a busy machine by
        // hundreds of milliseconds, and by all the time that the machine stands still.
        let most = limit + NOISE / 3 + self.stood_still;
        let near = |time: Duration| time * 2 >= limit && time <= most;
        assert!(
            times.is_some_and(|(took, limit)| near(took) && near(limit)),
            "`{name}` is not named as timed out: {}",
            self.story()
        );
        self
    }

    /// One line of standard error has all of `words`.
    #[track_caller]
    pub(crate) fn says(&self, words: &[&str]) -> &Self {
        let found = self
            .stderr
            .lines()
            .any(|line| words.iter().all(|word| line.contains(word)));
        assert!(found, "no line says {words:?}: {}", self.story());
        self
    }

    /// The program's own log, which writes to a file, has a line with all of `words`.
    #[track_caller]
    pub(crate) fn logged(&self, words: &[&str]) -> &Self {
        let mut logged = self
            .marks
            .iter()
            .filter(|(_, mark)| mark.starts_with("log: "));
        let found = logged.any(|(_, line)| words.iter().all(|word| line.contains(word)));
        assert!(found, "no event says {words:?}: {}", self.story());
        self
    }

    /// The record names these causes, each with words of its message, and no others.
    #[track_caller]
    pub(crate) fn caused_by(&self, causes: &[Cause]) -> &Self {
        self.debt.is_open.set(false);
        let record = self.whole_record();
        let text = |cause: &Value, field: &str| cause[field].as_str().expect("a text").to_owned();
        // On a busy machine a main thread that nothing blocks may be late at the deadline, and is taken for blocked.
        let budget = record["budget_ms"].as_f64().expect("a number");
        let is_at_deadline = self.took >= Duration::from_secs_f64(budget / 1000.0);
        let is_expected = causes.iter().any(|cause| cause.0 == "runtime");
        let is_late_main = |cause: &Value| {
            let is_runtime = text(cause, "component") == "runtime";
            is_runtime && is_at_deadline && !is_expected
        };
        let all = record["causes"].as_array().expect("a list").iter();
        let named: Vec<_> = all.filter(|cause| !is_late_main(cause)).collect();
        let is = |(cause, (component, kind, words)): (&&Value, &Cause)| {
            text(cause, "component") == *component
                && text(cause, "kind") == *kind
                && text(cause, "message").contains(words)
        };
        assert!(
            named.len() == causes.len() && named.iter().zip(causes).all(is),
            "not {causes:?}, but {named:#?}: {}",
            self.story()
        );
        self
    }

    /// How many lines of standard error have these words.
    pub(crate) fn count(&self, words: &str) -> usize {
        self.stderr
            .lines()
            .filter(|line| line.contains(words))
            .count()
    }

    #[track_caller]
    pub(crate) fn does_not_say(&self, words: &str) -> &Self {
        assert!(
            !self.stderr.contains(words),
            "it says {words:?}: {}",
            self.story()
        );
        self
    }
}
