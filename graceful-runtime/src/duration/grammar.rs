//! Durations as people write them, in humantime's grammar: `25s`, `500ms`, `1m 30s`.
//!
//! The macros and the runtime each have this file, word for word, so that an attribute and the environment read the
//! same. A test compares the two.

use std::fmt;
use std::str::from_utf8;
use std::time::Duration;

const SECOND: u64 = 1_000_000_000;

/// Each unit by its names, with its nanoseconds.
const UNITS: [(&[&str], u64); 9] = [
    (&["ns", "nsec", "nanos"], 1),
    // U+00B5 MICRO SIGN and U+03BC GREEK SMALL LETTER MU: keyboards differ, and they look the same.
    (&["us", "usec", "micros", "\u{b5}s", "\u{3bc}s"], 1_000),
    (&["ms", "msec", "millis"], 1_000_000),
    (&["s", "sec", "secs", "second", "seconds"], SECOND),
    (&["m", "min", "mins", "minute", "minutes"], 60 * SECOND),
    (&["h", "hr", "hrs", "hour", "hours"], 3_600 * SECOND),
    (&["d", "day", "days"], 86_400 * SECOND),
    (&["w", "wk", "wks", "week", "weeks"], 604_800 * SECOND),
    (&["y", "yr", "yrs", "year", "years"], 31_557_600 * SECOND),
];

/// Why a text is no duration.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Malformed<'a> {
    Empty,
    Signed,
    Fraction,
    NoNumber,
    /// Holds the number.
    NoUnit(&'a str),
    UnknownUnit(&'a str),
    TooLong,
}

/// Numbers with their units, one after the other; `0` alone needs none. In a constant too.
pub(crate) const fn parse(text: &str) -> Result<Duration, Malformed<'_>> {
    let mut rest = text.trim_ascii();
    match rest.as_bytes() {
        [] => return Err(Malformed::Empty),
        b"0" => return Ok(Duration::ZERO),
        [b'-' | b'+', ..] => return Err(Malformed::Signed),
        _ => {}
    }
    let mut total = Duration::ZERO;
    while !rest.is_empty() {
        let (number, after) = number(rest);
        if number.is_empty() {
            return Err(Malformed::NoNumber);
        }
        if let [b'.', ..] = after.as_bytes() {
            return Err(Malformed::Fraction);
        }
        let (unit, after) = unit(after.trim_ascii_start());
        if unit.is_empty() {
            return Err(Malformed::NoUnit(number));
        }
        let Some(nanos) = nanos(unit) else {
            return Err(Malformed::UnknownUnit(unit));
        };
        total = match times(number, nanos) {
            Some(part) => match total.checked_add(part) {
                Some(total) => total,
                None => return Err(Malformed::TooLong),
            },
            None => return Err(Malformed::TooLong),
        };
        rest = after.trim_ascii_start();
    }
    Ok(total)
}

/// The digits that `text` begins with, and the rest.
const fn number(text: &str) -> (&str, &str) {
    let mut rest = text.as_bytes();
    while let [b'0'..=b'9', behind @ ..] = rest {
        rest = behind;
    }
    split(text, text.len() - rest.len())
}

/// What `text` begins with up to a digit or a space, and the rest.
const fn unit(text: &str) -> (&str, &str) {
    let mut rest = text.as_bytes();
    while let [byte, behind @ ..] = rest {
        if byte.is_ascii_digit() || byte.is_ascii_whitespace() {
            break;
        }
        rest = behind;
    }
    split(text, text.len() - rest.len())
}

/// Beside a byte of ASCII, where no character is cut.
const fn split(text: &str, at: usize) -> (&str, &str) {
    let (before, after) = text.as_bytes().split_at(at);
    match (from_utf8(before), from_utf8(after)) {
        (Ok(before), Ok(after)) => (before, after),
        _ => ("", ""),
    }
}

const fn nanos(unit: &str) -> Option<u64> {
    let mut units = UNITS.as_slice();
    while let [(names, nanos), rest @ ..] = units {
        let mut names = *names;
        while let [name, others @ ..] = names {
            if is_equal(name.as_bytes(), unit.as_bytes()) {
                return Some(*nanos);
            }
            names = others;
        }
        units = rest;
    }
    None
}

const fn is_equal(mut a: &[u8], mut b: &[u8]) -> bool {
    while let ([first, a_rest @ ..], [other, b_rest @ ..]) = (a, b) {
        if *first != *other {
            return false;
        }
        (a, b) = (a_rest, b_rest);
    }
    a.is_empty() && b.is_empty()
}

const fn times(number: &str, nanos: u64) -> Option<Duration> {
    let Ok(number) = u64::from_str_radix(number, 10) else {
        return None;
    };
    if nanos < SECOND {
        let in_a_second = SECOND / nanos;
        let rest = Duration::from_nanos(number % in_a_second * nanos);
        return Duration::from_secs(number / in_a_second).checked_add(rest);
    }
    match number.checked_mul(nanos / SECOND) {
        Some(seconds) => Some(Duration::from_secs(seconds)),
        None => None,
    }
}

/// As [`parse`] reads it: `1m 30s`.
pub(crate) struct Written(pub(crate) Duration);

impl fmt::Display for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_zero() {
            return f.write_str("0s");
        }
        let (seconds, nanos) = (self.0.as_secs(), u64::from(self.0.subsec_nanos()));
        let parts = [
            (seconds / 3_600, "h"),
            (seconds / 60 % 60, "m"),
            (seconds % 60, "s"),
            (nanos / 1_000_000, "ms"),
            (nanos / 1_000 % 1_000, "us"),
            (nanos % 1_000, "ns"),
        ];
        let mut space = "";
        for (number, unit) in parts.into_iter().filter(|(number, _)| *number > 0) {
            write!(f, "{space}{number}{unit}")?;
            space = " ";
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Malformed, Written, parse};
    use std::time::Duration;

    #[test]
    fn what_people_write_is_read() {
        for (text, seconds, nanos) in [
            ("0", 0, 0),
            ("0s", 0, 0),
            ("5s", 5, 0),
            (" 5s ", 5, 0),
            ("5 s", 5, 0),
            ("007s", 7, 0),
            ("500ms", 0, 500_000_000),
            ("250us", 0, 250_000),
            ("250\u{b5}s", 0, 250_000),
            ("250\u{3bc}s", 0, 250_000),
            ("100ns", 0, 100),
            ("2m", 120, 0),
            ("2min", 120, 0),
            ("2 hours", 7_200, 0),
            ("1day", 86_400, 0),
            ("1m30s", 90, 0),
            ("1m 30s", 90, 0),
            (" 1m  30 sec ", 90, 0),
            ("30s 1m", 90, 0),
            ("5s5s", 10, 0),
            ("1h2m3s4ms5us6ns", 3_723, 4_005_006),
            ("18446744073709551615s", u64::MAX, 0),
            ("18446744073709551615s999999999ns", u64::MAX, 999_999_999),
            (
                "18446744073709551615ms",
                18_446_744_073_709_551,
                615_000_000,
            ),
        ] {
            assert_eq!(parse(text), Ok(Duration::new(seconds, nanos)), "{text}");
        }
    }

    #[test]
    fn what_is_no_duration_is_refused() {
        for (text, why) in [
            ("", Malformed::Empty),
            (" \t", Malformed::Empty),
            ("-5s", Malformed::Signed),
            ("+5s", Malformed::Signed),
            ("s", Malformed::NoNumber),
            ("five s", Malformed::NoNumber),
            (".5s", Malformed::NoNumber),
            ("\u{665}s", Malformed::NoNumber),
            ("1h -5s", Malformed::NoNumber),
            ("5", Malformed::NoUnit("5")),
            ("1h30", Malformed::NoUnit("30")),
            ("1s 5", Malformed::NoUnit("5")),
            ("1.5s", Malformed::Fraction),
            ("1.5", Malformed::Fraction),
            ("1.1.1s", Malformed::Fraction),
            ("1h,30m", Malformed::UnknownUnit("h,")),
            ("5 parsecs", Malformed::UnknownUnit("parsecs")),
            ("5S", Malformed::UnknownUnit("S")),
            ("1e3s", Malformed::UnknownUnit("e")),
            ("1_000s", Malformed::UnknownUnit("_")),
            ("99999999999999999999s", Malformed::TooLong),
            ("18446744073709551616s", Malformed::TooLong),
            ("18446744073709551615h", Malformed::TooLong),
            ("18446744073709551615s 1000000000ns", Malformed::TooLong),
        ] {
            assert_eq!(parse(text), Err(why), "{text}");
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        for (duration, text) in [
            (Duration::ZERO, "0s"),
            (Duration::from_secs(25), "25s"),
            (Duration::from_secs(120), "2m"),
            (Duration::from_millis(90_500), "1m 30s 500ms"),
            (Duration::from_secs(86_400), "24h"),
            (Duration::new(1, 1_001), "1s 1us 1ns"),
        ] {
            assert_eq!(Written(duration).to_string(), text);
            assert_eq!(parse(text), Ok(duration));
        }
    }
}
