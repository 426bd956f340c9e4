//! One program with one signal: before and after, and what of it is worse.

use crate::end::End;
use crate::patterns::{PATTERNS, Pattern, Then};
use crate::run::{Attribute, DEADLINE, run};
use graceful::Signal;
use std::time::Duration;

/// What a busy machine may add to the same end; less than what lies between it and the deadline.
const MARGIN: Duration = Duration::from_secs(3);

/// The exit code of a stop that the deadline forced.
const FORCED: i32 = 124;

pub(crate) struct Row {
    pub(crate) pattern: &'static Pattern,
    pub(crate) signal: Signal,
    pub(crate) flavor: &'static str,
    pub(crate) before: End,
    pub(crate) after: End,
}

impl Row {
    pub(crate) fn run(pattern: &'static Pattern, signal: Signal, flavor: &'static str) -> Self {
        let best = |attribute| {
            let mut end = run(pattern, attribute, flavor, signal);
            for _ in 1..pattern.attempts(signal) {
                if end.finished.is_empty() {
                    end = run(pattern, attribute, flavor, signal);
                }
            }
            end
        };
        let mut row = Self {
            pattern,
            signal,
            flavor,
            before: best(Attribute::Tokio),
            after: best(Attribute::Graceful),
        };
        // A busy kernel may give a process back seconds after it has closed its files. What is late because of the attribute is
        // late again.
        if row.what_is_worse().is_some() && !row.is_soon() {
            row.after = best(Attribute::Graceful);
        }
        row
    }

    /// As the patterns are listed.
    pub(crate) fn position(&self) -> (usize, u8, &'static str) {
        let is_it = |pattern: &Pattern| pattern.name == self.pattern.name;
        let position = PATTERNS.iter().position(is_it);
        let position = position.expect("it is one of them");
        (position, self.signal.number(), self.flavor)
    }

    pub(crate) fn what_is_worse(&self) -> Option<String> {
        let Self { before, after, .. } = self;
        let then = self.pattern.then(self.signal);
        let holds = match then {
            Then::AsBefore => self.is_as_before(),
            Then::Ended => self.is_ended(),
            Then::EndedOrForced => self.is_ended() || self.is_forced(),
        };
        let worse = || {
            let (name, signal, flavor) = (self.pattern.name, self.signal, self.flavor);
            let stderr = after.stderr.trim_end().replace('\n', "\n  ");
            format!(
                "{name} · {signal} · {flavor}: not {then:?}\n  tokio: {before}\n  graceful: {after}\n  {stderr}"
            )
        };
        (!holds).then(worse)
    }

    fn is_as_before(&self) -> bool {
        self.after.code == self.before.code
            && self.is_soon()
            && self.after.finished.is_superset(&self.before.finished)
    }

    /// As by the signal, and not in silence.
    fn is_ended(&self) -> bool {
        let code = 128 + i32::from(self.signal.number());
        let codes = [self.before.code, self.after.code];
        codes == [code; 2] && self.is_soon() && self.says(&["main", "dropped", "requested()"])
    }

    fn is_forced(&self) -> bool {
        self.after.code == FORCED
            && self.after.took <= DEADLINE + MARGIN
            && self.says(&["main", "deadline", "requested()", "listens = false"])
    }

    fn is_soon(&self) -> bool {
        self.after.took <= self.before.took + MARGIN
    }

    fn says(&self, words: &[&str]) -> bool {
        words.iter().all(|word| self.after.stderr.contains(word))
    }
}
