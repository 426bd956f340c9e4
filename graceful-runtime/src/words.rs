//! How ages and lists are written in a report.

use std::fmt;
use std::time::Duration;

/// A list in a log line that nobody reads to its end helps nobody.
const LISTED: usize = 5;

/// `0.3 s`, `42 s`, `5 min`, `3 h`.
pub(crate) struct Age(pub(crate) Duration);

impl fmt::Display for Age {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.as_secs() {
            0..10 => write!(f, "{:.1} s", self.0.as_secs_f64()),
            seconds @ 10..120 => write!(f, "{seconds} s"),
            seconds @ 120..7200 => write!(f, "{} min", seconds / 60),
            seconds => write!(f, "{} h", seconds / 3600),
        }
    }
}

/// The first few of a list, and how many more there are: one, and several of them by name.
pub(crate) struct Listing<'a, T>(pub(crate) &'a [T], pub(crate) [&'a str; 2]);

impl<T: fmt::Display> fmt::Display for Listing<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(all, [one, several]) = self;
        for (at, item) in all.iter().take(LISTED).enumerate() {
            let comma = if at == 0 { "" } else { ", " };
            write!(f, "{comma}{item}")?;
        }
        match all.len().saturating_sub(LISTED) {
            0 => Ok(()),
            1 => write!(f, ", and 1 more {one}"),
            more => write!(f, ", and {more} more {several}"),
        }
    }
}
