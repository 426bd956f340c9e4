//! The report for people: one line a step, with a bar that shows when it ran.

use super::{Report, StepReport};
use crate::format::Seconds;
use crate::outcome::Outcome;
use std::fmt;
use std::time::Duration;

const BAR: usize = 24;

/// What would be rounded up to this is written as this: `10.0 s`.
const TEN_SECONDS: Duration = Duration::from_micros(9_999_500);

struct Time(Duration);

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let places = if self.0 < TEN_SECONDS { 3 } else { 1 };
        f.pad(&format!("{}", Seconds(self.0, places)))
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "stopped after {}", self.reason)?;
        if let Some(signal) = self.forced_by {
            write!(f, ", forced by a second signal, {signal},")?;
        }
        write!(
            f,
            " in {} of {}: {}",
            Time(self.total),
            Time(self.budget),
            Summary(self)
        )?;
        let mut all = Vec::new();
        flatten(&self.steps, &mut all);
        let shown = most_telling(&all);
        let width = shown.iter().map(|step| step.name.chars().count()).max();
        for step in &shown {
            self.line(step, width.unwrap_or_default(), f)?;
        }
        match all.len() - shown.len() + self.omitted_steps {
            0 => {}
            1 => f.write_str("\n  and 1 step more")?,
            more => write!(f, "\n  and {more} steps more")?,
        }
        if self.main_dropped {
            f.write_str("\n  `main` was dropped where it was")?;
        }
        if let Some(threads) = self.closing_threads_exhausted {
            write!(
                f,
                "\n  all of {threads} closing threads were blocked at once, and closes waited for one \
                 (`max_closing_threads`)"
            )?;
        }
        for left in &self.left_behind {
            write!(f, "\n  left behind: {left}")?;
        }
        if self.deadline_passed {
            write!(
                f,
                "\n  the total deadline passed: give the whole more time (`timeout`, `GRACEFUL_TIMEOUT`)"
            )?;
        }
        Ok(())
    }
}

impl Report {
    fn line(&self, step: &StepReport, width: usize, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = if step.outcome.is_clean() { ' ' } else { '!' };
        let (from, to) = self.bar(step);
        let (ran, rest) = (to - from, BAR - to);
        write!(f, "\n{mark} {:width$} |", step.name)?;
        write!(f, "{:from$}{:=<ran$}{:rest$}|", "", "", "")?;
        if let Some(limit) = step.limit {
            write!(f, " {:>8} of {:>8}", Time(step.took), Time(limit))?;
        } else {
            write!(f, " {:>20}", "")?;
        }
        write!(f, "  {}", step.outcome)?;
        if !step.outcome.is_clean() {
            if let Some(progress) = &step.progress {
                write!(f, "; its last word: {progress}")?;
            }
            if matches!(step.outcome, Outcome::TimedOut) {
                write!(f, "; {}", advice(step, self.in_paused_time))?;
            }
        }
        Ok(())
    }

    /// When the step ran: from which column to which.
    fn bar(&self, step: &StepReport) -> (usize, usize) {
        let Some(started) = step.started else {
            return (0, 0);
        };
        let from = column(started, self.total).min(BAR - 1);
        let to = column(started + step.took, self.total).clamp(from + 1, BAR);
        (from, to)
    }
}

/// The column of a moment, where the whole has [`BAR`].
fn column(at: Duration, total: Duration) -> usize {
    let micros = |time: Duration| u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
    let (at, total) = (micros(at.min(total)), micros(total).max(1));
    let column = (at.saturating_mul(BAR as u64) + total / 2) / total;
    usize::try_from(column).unwrap_or(BAR)
}

/// What to change where a step overran.
fn advice(step: &StepReport, in_paused_time: bool) -> String {
    let limit = step.limit.unwrap_or_default();
    match step.timeout {
        None => "give it a `timeout` of its own, if it needs longer than its share".to_owned(),
        // A limit is a moment, so a little of the declared time is gone when the step begins.
        Some(timeout) if limit + Duration::from_millis(10) < timeout => format!(
            "the whole has too little time for the {} that it declared",
            Time(timeout)
        ),
        Some(_) if in_paused_time => {
            "raise its `timeout`, if it needs longer, or use `real_time`, if it waits for a thread, a socket or a file"
                .to_owned()
        }
        Some(_) => "raise its `timeout`, if it needs longer".to_owned(),
    }
}

/// More lines than these nobody reads.
const LINES: usize = 50;

/// Each step, and behind it its own.
fn flatten<'a>(steps: &'a [StepReport], all: &mut Vec<&'a StepReport>) {
    for step in steps {
        all.push(step);
        flatten(&step.steps, all);
    }
}

/// In their order: of too many steps those that did not close, and then the first ones.
fn most_telling<'a>(all: &[&'a StepReport]) -> Vec<&'a StepReport> {
    let is_clean = |step: &StepReport| step.outcome.is_clean();
    let unclean = all.iter().filter(|step| !is_clean(step)).count();
    let mut room_for_clean = LINES.saturating_sub(unclean);
    let mut room_for_unclean = LINES;
    let mut shown = Vec::new();
    for &step in all {
        let room = if is_clean(step) {
            &mut room_for_clean
        } else {
            &mut room_for_unclean
        };
        if *room > 0 {
            *room -= 1;
            shown.push(step);
        }
    }
    shown
}

/// `3 closed, 1 timed out (exit code 1)`
struct Summary<'a>(&'a Report);

impl fmt::Display for Summary<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut counts: Vec<(&'static str, usize)> = Vec::new();
        count(&self.0.steps, &mut counts);
        if counts.is_empty() {
            f.write_str(if self.0.main_dropped {
                "`main` dropped"
            } else {
                "nothing to close"
            })?;
        }
        for (i, (word, count)) in counts.iter().enumerate() {
            let separator = if i == 0 { "" } else { ", " };
            write!(f, "{separator}{count} {word}")?;
        }
        write!(f, " (exit code {})", self.0.exit_code)
    }
}

/// Counts how the leaves of `steps` ended.
fn count(steps: &[StepReport], counts: &mut Vec<(&'static str, usize)>) {
    for step in steps {
        if !step.is_leaf() {
            count(&step.steps, counts);
            continue;
        }
        let word = step.outcome.word();
        match counts.iter_mut().find(|(counted, _)| *counted == word) {
            Some((_, count)) => *count += 1,
            None => counts.push((word, 1)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::Failure;
    use crate::reason::{Reason, Signal};

    fn step(name: &str, outcome: Outcome, started: u64, took: u64) -> StepReport {
        StepReport {
            name: name.to_owned(),
            outcome,
            timeout: Some(Duration::from_secs(5)),
            limit: Some(Duration::from_secs(5)),
            started: Some(Duration::from_millis(started)),
            took: Duration::from_millis(took),
            progress: None,
            steps: Vec::new(),
        }
    }

    fn report() -> Report {
        let mut nats = step("nats", Outcome::TimedOut, 1000, 5000);
        nats.progress = Some("flushing 3 of 10".to_owned());
        let mut kafka = step("kafka", Outcome::Closed, 1000, 3000);
        kafka.steps = vec![step("kafka.producer", Outcome::Closed, 1000, 3000)];
        Report {
            reason: Reason::Signal(Signal::Terminate),
            forced_by: None,
            budget: Duration::from_secs(25),
            total: Duration::from_secs(8),
            steps: vec![
                step("http", Outcome::Closed, 0, 1000),
                nats,
                kafka,
                step(
                    "db",
                    Outcome::Failed(Failure::new("connection reset".into())),
                    6000,
                    2000,
                ),
            ],
            omitted_steps: 0,
            left_behind: Vec::new(),
            main_overran: false,
            main_dropped: false,
            closing_threads_exhausted: None,
            deadline_passed: false,
            in_paused_time: false,
            exit_code: 1,
        }
    }

    #[test]
    fn a_report_is_a_timeline() {
        assert_eq!(
            report().to_string(),
            "\
stopped after SIGTERM in 8.000 s of 25.0 s: 2 closed, 1 timed out, 1 failed (exit code 1)
  http           |===                     |  1.000 s of  5.000 s  closed
! nats           |   ===============      |  5.000 s of  5.000 s  timed out; its last word: flushing 3 of 10; raise its `timeout`, if it needs longer
  kafka          |   =========            |  3.000 s of  5.000 s  closed
  kafka.producer |   =========            |  3.000 s of  5.000 s  closed
! db             |                  ======|  2.000 s of  5.000 s  failed: connection reset"
        );
    }

    #[test]
    fn a_step_is_found_by_its_path() {
        let report = report();
        assert!(report.step("kafka.producer").is_some());
        assert!(report.step("producer").is_none());
        assert!(!report.is_clean());
        assert_eq!(report.leaves().count(), 4);
    }
}
