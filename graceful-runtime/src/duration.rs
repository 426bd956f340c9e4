//! Durations as people write them, in humantime's grammar: `25s`, `500ms`, `1m 30s`.

use std::fmt;
use std::time::Duration;

const SECOND: u64 = 1_000_000_000;

/// What is not a duration.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Malformed<'a> {
    NoNumber,
    NoUnit,
    UnknownUnit(&'a str),
    TooLong,
}

impl fmt::Display for Malformed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoNumber => f.write_str("a number is missing"),
            Self::NoUnit => f.write_str("a unit is missing"),
            Self::UnknownUnit(unit) => write!(f, "no unit is called `{unit}`"),
            Self::TooLong => f.write_str("it is too long"),
        }
    }
}

/// Numbers with their units, one after the other; `0` alone needs none.
pub(crate) fn parse(text: &str) -> Result<Duration, Malformed<'_>> {
    let mut rest = text.trim_ascii();
    if rest == "0" {
        return Ok(Duration::ZERO);
    }
    let mut total = Duration::ZERO;
    loop {
        let (number, after) = split(rest, |byte| byte.is_ascii_digit());
        let (unit, after) = split(after.trim_ascii_start(), |byte| {
            !byte.is_ascii_digit() && !byte.is_ascii_whitespace()
        });
        if number.is_empty() {
            return Err(Malformed::NoNumber);
        }
        if unit.is_empty() {
            return Err(Malformed::NoUnit);
        }
        let nanos = nanos(unit).ok_or(Malformed::UnknownUnit(unit))?;
        let part = number.parse().ok().and_then(|number: u64| {
            let (seconds, nanos) = (nanos / SECOND, nanos % SECOND);
            let whole = Duration::from_secs(number.checked_mul(seconds)?);
            whole.checked_add(Duration::from_nanos(number.checked_mul(nanos)?))
        });
        let sum = part.and_then(|part| total.checked_add(part));
        total = sum.ok_or(Malformed::TooLong)?;
        rest = after.trim_ascii_start();
        if rest.is_empty() {
            return Ok(total);
        }
    }
}

/// By bytes, which what decides the end needs no more than.
fn split(text: &str, belongs: fn(u8) -> bool) -> (&str, &str) {
    let end = text.bytes().position(|byte| !belongs(byte));
    text.split_at(end.unwrap_or(text.len()))
}

/// How long a unit is. In a `match`: of a table each name would be moved to its address when a program starts.
fn nanos(unit: &str) -> Option<u64> {
    Some(match unit {
        "ns" | "nsec" | "nanos" => 1,
        "us" | "\u{b5}s" | "usec" | "micros" => 1_000,
        "ms" | "msec" | "millis" => 1_000_000,
        "s" | "sec" | "secs" | "second" | "seconds" => SECOND,
        "m" | "min" | "mins" | "minute" | "minutes" => 60 * SECOND,
        "h" | "hr" | "hrs" | "hour" | "hours" => 3_600 * SECOND,
        "d" | "day" | "days" => 86_400 * SECOND,
        "w" | "wk" | "wks" | "week" | "weeks" => 604_800 * SECOND,
        "y" | "yr" | "yrs" | "year" | "years" => 31_557_600 * SECOND,
        _ => return None,
    })
}

/// As [`parse`] reads it: `1m 30s`.
pub(crate) struct Written(pub(crate) Duration);

impl fmt::Display for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_zero() {
            return f.write_str("0s");
        }
        let mut space = "";
        let seconds = [(3_600, "h"), (60, "m"), (1, "s")];
        write_units(f, self.0.as_secs(), seconds, &mut space)?;
        let nanos = [(1_000_000, "ms"), (1_000, "us"), (1, "ns")];
        write_units(f, self.0.subsec_nanos().into(), nanos, &mut space)
    }
}

/// How often each unit is in `rest`, the largest first, where it is.
fn write_units(
    f: &mut fmt::Formatter<'_>,
    mut rest: u64,
    units: [(u64, &str); 3],
    space: &mut &str,
) -> fmt::Result {
    for (size, unit) in units {
        let number = rest / size;
        rest %= size;
        if number > 0 {
            write!(f, "{space}{number}{unit}")?;
            *space = " ";
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_write_is_read() {
        for (text, millis) in [
            ("0", 0),
            ("25s", 25_000),
            ("500ms", 500),
            (" 1m 30s ", 90_000),
            ("1m30s", 90_000),
            ("2 hours", 7_200_000),
            ("1day", 86_400_000),
        ] {
            assert_eq!(parse(text), Ok(Duration::from_millis(millis)), "{text}");
        }
    }

    #[test]
    fn what_is_no_duration_is_refused() {
        for (text, error) in [
            ("", Malformed::NoNumber),
            ("s", Malformed::NoNumber),
            ("-1s", Malformed::NoNumber),
            ("5", Malformed::NoUnit),
            ("1s 5", Malformed::NoUnit),
            ("1.5s", Malformed::UnknownUnit(".")),
            ("5 parsecs", Malformed::UnknownUnit("parsecs")),
            ("99999999999999999999s", Malformed::TooLong),
            ("18446744073709551615h", Malformed::TooLong),
        ] {
            assert_eq!(parse(text), Err(error), "{text}");
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        for (duration, text) in [
            (Duration::ZERO, "0s"),
            (Duration::from_secs(25), "25s"),
            (Duration::from_millis(90_500), "1m 30s 500ms"),
            (Duration::from_secs(86_400), "24h"),
            (Duration::new(1, 1_001), "1s 1us 1ns"),
        ] {
            assert_eq!(Written(duration).to_string(), text);
            assert_eq!(parse(text), Ok(duration));
        }
    }
}
