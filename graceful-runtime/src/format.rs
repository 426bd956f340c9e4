//! How times, ages, lists and what others have said are written in a report.

use std::fmt::{self, Write as _};
use std::time::Duration;

/// A list in a log line that nobody reads to its end helps nobody.
const LISTED: usize = 5;

/// `1.250 s`, with so many decimal places: rounded as integers are, so that 1.9995 s are 2.000 s.
pub(crate) struct Seconds(pub(crate) Duration, pub(crate) u32);

impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let &Self(duration, places) = self;
        let (one, unit) = (10_u32.pow(places), 10_u32.pow(9 - places));
        let rounded = (duration.subsec_nanos() + unit / 2) / unit;
        let seconds = duration.as_secs().saturating_add((rounded / one).into());
        let width = places as usize;
        write!(f, "{seconds}.{:0width$} s", rounded % one)
    }
}

/// `0.3 s`, `42 s`, `5 min`, `3 h`.
pub(crate) struct Age(pub(crate) Duration);

impl fmt::Display for Age {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.as_secs() {
            0..10 => Seconds(self.0, 1).fmt(f),
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

/// Words that are not ours, as a part of a line: a name that came from data, an error, the message of a panic. What would
/// end the line, or speak to the terminal, is one space, and nothing at the end.
pub(crate) struct OneLine<T>(pub(crate) T);

impl<T: fmt::Display> fmt::Display for OneLine<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut line = Line {
            out: f,
            is_broken: false,
        };
        write!(line, "{}", self.0)
    }
}

struct Line<'a, 'f> {
    out: &'a mut fmt::Formatter<'f>,
    /// What would have been written last has no place in a line.
    is_broken: bool,
}

impl fmt::Write for Line<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for part in text.split_inclusive(char::is_control) {
            let plain = part.trim_end_matches(char::is_control);
            if !plain.is_empty() {
                if std::mem::take(&mut self.is_broken) {
                    self.out.write_char(' ')?;
                }
                self.out.write_str(plain)?;
            }
            self.is_broken |= plain.len() < part.len();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_say_stays_in_its_line() {
        for (said, line) in [
            ("connection lost", "connection lost"),
            ("left: 1\n right: 2\n", "left: 1  right: 2"),
            ("\x1b[2Jgone\r\n\x07", " [2Jgone"),
            ("", ""),
            ("\n", ""),
            ("日本\u{85}語", "日本 語"),
        ] {
            assert_eq!(OneLine(said).to_string(), line, "{said:?}");
        }
        let in_parts = OneLine(format_args!("{}{}", "a\n", "b")).to_string();
        assert_eq!(in_parts, "a b");
    }

    #[test]
    fn seconds_are_rounded_to_their_last_place() {
        for (nanos, places, text) in [
            (0, 1, "0.0 s"),
            (49_999_999, 1, "0.0 s"),
            (50_000_000, 1, "0.1 s"),
            (9_949_999_999, 1, "9.9 s"),
            (9_950_000_000, 1, "10.0 s"),
            (1_002_499_999, 3, "1.002 s"),
            (1_999_500_000, 3, "2.000 s"),
        ] {
            let seconds = Seconds(Duration::from_nanos(nanos), places);
            assert_eq!(seconds.to_string(), text);
        }
        let longest = Seconds(Duration::MAX, 3).to_string();
        assert_eq!(longest, format!("{}.000 s", u64::MAX));
    }
}
