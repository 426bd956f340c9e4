//! A mistake in a file: where it stands, what follows from it, and what to write.

use serde::Serialize;
use std::fmt;

/// A place in a file, both counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(super) struct Place {
    pub(super) line: usize,
    pub(super) column: usize,
}

/// One mistake.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(super) struct Finding {
    #[serde(flatten)]
    pub(super) place: Place,
    /// The name of what is looked for.
    pub(super) rule: &'static str,
    /// What is wrong, with the numbers that do not fit.
    pub(super) text: String,
    /// What to do.
    pub(super) fix: String,
}

impl Finding {
    pub(super) fn new(
        place: Place,
        rule: &'static str,
        text: impl Into<String>,
        fix: impl Into<String>,
    ) -> Self {
        Self {
            place,
            rule,
            text: text.into(),
            fix: fix.into(),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            place: Place { line, column },
            rule,
            text,
            fix,
        } = self;
        write!(f, "{line}:{column}: {rule}: {text}\n    {fix}")
    }
}

impl Place {
    /// Of a byte of a text.
    pub(super) fn of(text: &str, byte: usize) -> Self {
        let before = &text[..byte];
        let begin = before.rfind('\n').map_or(0, |end| end + 1);
        Self {
            line: before.matches('\n').count() + 1,
            column: before[begin..].chars().count() + 1,
        }
    }
}
