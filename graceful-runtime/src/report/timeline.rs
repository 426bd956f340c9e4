//! The report for people: one line a step, with a bar that shows when it ran.

use super::{Ends, Report, StepReport};
use crate::format::{OneLine, Seconds};
use crate::outcome::Outcome;
use crate::plan::AT_REQUEST;
use std::fmt;
use std::time::Duration;

const BAR: usize = 24;

/// A name of more characters than these is not what the others are aligned with.
const WIDEST: usize = 40;

/// What would be rounded up to this is written as this: `10.0 s`.
const TEN_SECONDS: Duration = Duration::from_micros(9_999_500);

/// What took less is written in microseconds; and a whole that took less has no bars, which would show nothing.
const MILLISECOND: Duration = Duration::from_millis(1);

/// A limit is a moment, so a little of the time is gone when the step begins.
const SAME_MOMENT: Duration = Duration::from_millis(10);

const MORE_FOR_THE_WHOLE: &str =
    "give the whole more time (`timeout`, `GRACEFUL_TIMEOUT`), if it needs longer";

struct Time(Duration);

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.0.is_zero() && self.0 < MILLISECOND {
            return f.pad(&format!("{} µs", self.0.subsec_micros().max(1)));
        }
        let places = if self.0 < TEN_SECONDS { 3 } else { 1 };
        f.pad(&format!("{}", Seconds(self.0, places)))
    }
}

/// What a terminal shows in a colour, where that is asked for.
#[derive(Clone, Copy)]
struct Colours(bool);

impl Colours {
    const RED: &'static str = "\x1b[31m";
    const GREEN: &'static str = "\x1b[32m";
    const DIM: &'static str = "\x1b[2m";

    /// Begins a colour.
    fn begin(self, colour: &'static str) -> &'static str {
        if self.0 { colour } else { "" }
    }

    /// Ends it.
    fn end(self) -> &'static str {
        self.begin("\x1b[0m")
    }

    fn of(self, is_clean: bool) -> &'static str {
        self.begin(if is_clean { Self::GREEN } else { Self::RED })
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(Colours(false), f)
    }
}

struct Colored<'a>(&'a Report);

impl fmt::Display for Colored<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.write(Colours(true), f)
    }
}

impl Report {
    /// The timeline in the colours of a terminal.
    ///
    /// Not `{:#}`, which prints errors in logs with all their sources.
    pub fn colored(&self) -> impl fmt::Display + '_ {
        Colored(self)
    }

    fn write(&self, colours: Colours, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(colours.of(self.is_clean()))?;
        write!(f, "stopped after {}", OneLine(&self.reason))?;
        if let Some(signal) = self.forced_by {
            write!(f, ", forced by a second signal, {signal},")?;
        } else if self.reason.ends_in_words() {
            f.write_str(",")?;
        }
        write!(
            f,
            " in {} of {}: {}",
            Time(self.total),
            Time(self.budget),
            Summary(self)
        )?;
        f.write_str(colours.end())?;
        let mut all = Vec::new();
        flatten(&self.steps, None, &mut all);
        let shown = most_telling(&all);
        // A name that is longer stands out, and does not push the others' bars out of sight.
        let widths = shown.iter().map(|(step, _)| name(step).chars().count());
        let width = widths.filter(|width| *width <= WIDEST).max();
        for &line in &shown {
            self.line(line, width.unwrap_or_default(), colours, f)?;
        }
        match all.len() - shown.len() + self.omitted_steps {
            0 => {}
            1 => f.write_str("\n  and 1 step more")?,
            more => write!(f, "\n  and {more} steps more")?,
        }
        for section in &self.waited_for {
            write!(f, "\n  waited for {}", OneLine(section))?;
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
        match self.leaked_tasks {
            0 => {}
            1 => f.write_str("\n  1 task was still alive, which nobody waited for, and is cut")?,
            tasks => write!(
                f,
                "\n  {tasks} tasks were still alive, which nobody waited for, and are cut"
            )?,
        }
        for left in &self.left_behind {
            write!(f, "\n  left behind: {}", OneLine(left))?;
        }
        if self.deadline_passed {
            f.write_str("\n  the total deadline passed")?;
            if self.needs_more_time() {
                write!(f, ": {MORE_FOR_THE_WHOLE}")?;
            }
        }
        Ok(())
    }

    fn line(
        &self,
        (step, around): Line<'_>,
        width: usize,
        colours: Colours,
        f: &mut fmt::Formatter<'_>,
    ) -> fmt::Result {
        let is_clean = step.outcome.is_clean();
        let (begin, end) = (colours.of(is_clean), colours.end());
        let mark = if is_clean { ' ' } else { '!' };
        write!(f, "\n{begin}{mark}{end} {:width$} ", name(step))?;
        if self.total >= MILLISECOND {
            let (from, to) = self.bar(step);
            let (ran, rest) = (to - from, BAR - to);
            let dim = colours.begin(Colours::DIM);
            write!(f, "{dim}|{:from$}{:=<ran$}{:rest$}|{end} ", "", "", "")?;
        }
        if let Some(limit) = step.limit {
            write!(f, "{:>8} of {:>8}", Time(step.took), Time(limit))?;
        } else {
            write!(f, "{:>20}", "")?;
        }
        write!(f, "  {begin}{}{end}", OneLine(&step.outcome))?;
        if let Some(note) = &step.note {
            write!(f, "; {}", OneLine(note))?;
        }
        if let (Some(progress), false) = (&step.progress, step.outcome.is_clean()) {
            write!(f, "; its last word: {}", OneLine(progress))?;
        }
        if let Some(advice) = self.advice(step, around) {
            write!(f, "; {advice}")?;
        }
        match &step.thread {
            Some(thread) => write!(f, " ({thread})"),
            None => Ok(()),
        }
    }

    /// What to change where a step overran: more time where that can help.
    fn advice(&self, step: &StepReport, around: Option<&StepReport>) -> Option<&'static str> {
        if step.blocked {
            return Some(
                "it blocks its thread, which no limit ends: look at what it waits for, also in `Drop`",
            );
        }
        let is_blocked_below = step.steps.iter().any(|step| step.blocked);
        // Its time is not its own.
        if step.name.ends_with(AT_REQUEST) {
            return None;
        }
        // A note says what it was.
        if !matches!(step.outcome, Outcome::TimedOut) || is_blocked_below || step.note.is_some() {
            return None;
        }
        let limit = step.limit.unwrap_or_default();
        let has_own = |timeout| limit + SAME_MOMENT >= timeout;
        match around {
            Some(around) if end(step) + SAME_MOMENT >= end(around) => None,
            None if end(step) + SAME_MOMENT >= self.budget => Some("the total deadline cut it"),
            _ if step.timeout.is_some_and(has_own) => Some(if self.in_paused_time {
                "raise its `timeout`, if it needs longer, or use `real_time`, if it waits for a thread, a socket or a file"
            } else {
                "raise its `timeout`, if it needs longer"
            }),
            None if step.timeout.is_some() => Some(MORE_FOR_THE_WHOLE),
            _ if step.timeout.is_some() => None,
            _ => Some("give it a `timeout` of its own, if it needs longer than its share"),
        }
    }

    /// Whether the total deadline cut what may have ended in more time.
    fn needs_more_time(&self) -> bool {
        let mut leaves = self.leaves();
        let was_cut = |step: &StepReport| !step.outcome.is_clean() && !step.blocked;
        // One that blocks its thread is left behind twice.
        let main_may_end = self.main_overran && self.left_behind.len() == 1;
        main_may_end || leaves.any(was_cut)
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

/// As the timeline has it.
fn name(step: &StepReport) -> String {
    match &*step.name {
        "" => "\"\"".to_owned(),
        name => OneLine(name).to_string(),
    }
}

/// The column of a moment, where the whole has [`BAR`].
fn column(at: Duration, total: Duration) -> usize {
    let micros = |time: Duration| u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
    let (at, total) = (micros(at.min(total)), micros(total).max(1));
    let column = (at.saturating_mul(BAR as u64) + total / 2) / total;
    usize::try_from(column).unwrap_or(BAR)
}

/// More lines than these nobody reads.
const LINES: usize = 50;

/// A step, and the one that it is a step of.
type Line<'a> = (&'a StepReport, Option<&'a StepReport>);

/// Each step, and behind it its own.
fn flatten<'a>(steps: &'a [StepReport], around: Option<&'a StepReport>, all: &mut Vec<Line<'a>>) {
    for step in steps {
        all.push((step, around));
        flatten(&step.steps, Some(step), all);
    }
}

/// The moment of its limit.
fn end(step: &StepReport) -> Duration {
    step.started.unwrap_or_default() + step.limit.unwrap_or_default()
}

/// In their order: of too many steps those that did not close, and then the first ones.
fn most_telling<'a>(all: &[Line<'a>]) -> Vec<Line<'a>> {
    let is_clean = |step: &StepReport| step.outcome.is_clean();
    let unclean = all.iter().filter(|(step, _)| !is_clean(step)).count();
    let mut room_for_clean = LINES.saturating_sub(unclean);
    let mut room_for_unclean = LINES;
    let mut shown = Vec::new();
    for &line in all {
        let room = if is_clean(line.0) {
            &mut room_for_clean
        } else {
            &mut room_for_unclean
        };
        if *room > 0 {
            *room -= 1;
            shown.push(line);
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
        match self.0.ends {
            Ends::Process => write!(f, " (exit code {})", self.0.exit_code),
            Ends::OfSignal(signal) => write!(f, " (ends of {signal})"),
            Ends::Part => Ok(()),
        }
    }
}

/// Counts how the leaves of `steps` ended, and those that failed beside their own steps.
fn count(steps: &[StepReport], counts: &mut Vec<(&'static str, usize)>) {
    for step in steps {
        count(&step.steps, counts);
        if !step.is_leaf() {
            continue;
        }
        let word = step.outcome.as_str();
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
    use std::time::UNIX_EPOCH;

    fn step(name: &str, outcome: Outcome, started: u64, took: u64) -> StepReport {
        StepReport {
            outcome,
            timeout: Some(Duration::from_secs(5)),
            limit: Some(Duration::from_secs(5)),
            started: Some(Duration::from_millis(started)),
            took: Duration::from_millis(took),
            ..StepReport::not_started(name.to_owned())
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
            began_at: UNIX_EPOCH,
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
            omitted_unclean: 0,
            waited_for: Vec::new(),
            leaked_tasks: 0,
            leaks_are_unclean: false,
            left_behind: Vec::new(),
            main_overran: false,
            main_dropped: false,
            faults: Vec::new(),
            closing_threads_exhausted: None,
            deadline_passed: false,
            in_paused_time: false,
            exit_code: 1,
            ends: Ends::Process,
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

    /// Names may be keys of a map, and errors what a server has said.
    #[test]
    fn nothing_that_others_say_makes_a_line_of_its_own() {
        let mut forged = report();
        forged.reason = Reason::Requested("a\nb".into());
        forged.steps[0].name = "tenant\n  http |===| closed".to_owned();
        forged.steps[1].progress = Some("3 of 10\x1b[2J\r\n".to_owned());
        forged.steps[2].name = String::new();
        forged.steps[2].steps.clear();
        forged.steps[3].outcome = Outcome::Panicked("left: 1\n right: 2".to_owned());
        forged.steps[3].name = "db".repeat(40);
        assert_eq!(
            forged.to_string(),
            format!(
                "\
stopped after request: a b, in 8.000 s of 25.0 s: 2 closed, 1 timed out, 1 panicked (exit code 1)
  tenant   http |===| closed |===                     |  1.000 s of  5.000 s  closed
! nats                       |   ===============      |  5.000 s of  5.000 s  timed out; its last word: 3 of 10 [2J; raise its `timeout`, if it needs longer
  \"\"                         |   =========            |  3.000 s of  5.000 s  closed
! {} |                  ======|  2.000 s of  5.000 s  panicked: left: 1  right: 2",
                "db".repeat(40)
            )
        );
    }

    #[test]
    fn a_terminal_has_it_in_colours() {
        let (plain, coloured) = (report().to_string(), report().colored().to_string());
        assert!(coloured.starts_with("\x1b[31mstopped after SIGTERM"));
        assert!(coloured.contains("\n\x1b[31m!\x1b[0m nats"), "{coloured}");
        assert!(coloured.contains("\x1b[32mclosed\x1b[0m"), "{coloured}");
        let mut without = coloured;
        for code in [Colours::RED, Colours::GREEN, Colours::DIM, "\x1b[0m"] {
            without = without.replace(code, "");
        }
        assert_eq!(without, plain);
    }

    #[test]
    fn below_a_millisecond_there_are_no_bars() {
        let mut quick = report();
        quick.total = Duration::from_micros(640);
        quick.steps.truncate(1);
        quick.steps[0].took = Duration::from_micros(213);
        assert_eq!(
            quick.to_string(),
            "\
stopped after SIGTERM in 640 µs of 25.0 s: 1 closed (exit code 1)
  http   213 µs of  5.000 s  closed"
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
