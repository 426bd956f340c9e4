//! `"1m30s"` as a user writes it, to seconds and nanoseconds.

/// The arguments of `Duration::new`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Parts {
    pub(crate) seconds: u64,
    pub(crate) nanos: u32,
}

impl Parts {
    pub(crate) fn is_zero(self) -> bool {
        self.nanos() == 0
    }

    pub(crate) fn nanos(self) -> u128 {
        u128::from(self.seconds) * SECOND + u128::from(self.nanos)
    }
}

/// So many nanoseconds as they are written in an attribute, in the largest unit that needs no fraction.
pub(crate) fn written(nanos: u128) -> String {
    for (unit, scale) in &UNITS {
        if !matches!(*unit, "h" | "m" | "min") && nanos % scale == 0 {
            return format!("{}{unit}", nanos / scale);
        }
    }
    String::new()
}

/// Why a text is no duration; the words for it are in `error.rs`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Malformed {
    Empty,
    Signed,
    /// Holds the same duration without a fraction, where there is one.
    Fraction(Option<String>),
    NoNumber,
    /// Holds the number.
    NoUnit(String),
    /// Holds the same without the space.
    Spaced(String),
    UnknownUnit {
        unit: String,
        meant: Option<&'static str>,
    },
    /// Units go from the largest to the smallest, each at most once.
    NotDescending,
    TooLong,
}

const SECOND: u128 = 1_000_000_000;

const UNITS: [(&str, u128); 9] = [
    ("h", 3600 * SECOND),
    ("m", 60 * SECOND),
    ("min", 60 * SECOND),
    ("s", SECOND),
    ("ms", 1_000_000),
    ("us", 1_000),
    // U+00B5 MICRO SIGN and U+03BC GREEK SMALL LETTER MU: keyboards differ, and they look the same.
    ("\u{b5}s", 1_000),
    ("\u{3bc}s", 1_000),
    ("ns", 1),
];

const SPELLED_OUT: [(&str, &str); 9] = [
    ("hour", "h"),
    ("hr", "h"),
    ("min", "m"),
    ("sec", "s"),
    ("milli", "ms"),
    ("msec", "ms"),
    ("micro", "us"),
    ("usec", "us"),
    ("nano", "ns"),
];

pub(crate) fn parse(text: &str) -> Result<Parts, Malformed> {
    let mut rest = text.trim();
    if rest.is_empty() {
        return Err(Malformed::Empty);
    }
    if rest.starts_with(['-', '+']) {
        return Err(Malformed::Signed);
    }
    let mut total: u128 = 0;
    let mut smaller_than = u128::MAX;
    while !rest.is_empty() {
        let (part, after) = Part::split(rest)?;
        let scale = part.scale()?;
        if scale >= smaller_than {
            return Err(Malformed::NotDescending);
        }
        smaller_than = scale;
        total = part
            .number
            .parse::<u128>()
            .ok()
            .and_then(|number| number.checked_mul(scale))
            .and_then(|nanos| total.checked_add(nanos))
            .ok_or(Malformed::TooLong)?;
        rest = after;
    }
    let seconds = u64::try_from(total / SECOND).map_err(|_| Malformed::TooLong)?;
    let nanos = u32::try_from(total % SECOND).map_err(|_| Malformed::TooLong)?;
    Ok(Parts { seconds, nanos })
}

/// One number with its unit.
struct Part<'a> {
    number: &'a str,
    fraction: Option<&'a str>,
    spaced: bool,
    unit: &'a str,
}

impl<'a> Part<'a> {
    fn split(text: &'a str) -> Result<(Self, &'a str), Malformed> {
        let (number, rest) = digits(text);
        if number.is_empty() {
            return Err(Malformed::NoNumber);
        }
        let (fraction, rest) = match rest.strip_prefix('.') {
            Some(rest) => {
                let (fraction, rest) = digits(rest);
                (Some(fraction), rest)
            }
            None => (None, rest),
        };
        let unit_and_rest = rest.trim_start();
        let end = unit_and_rest
            .find(|c: char| c.is_ascii_digit() || c.is_whitespace())
            .unwrap_or(unit_and_rest.len());
        let (unit, after) = unit_and_rest.split_at(end);
        let part = Part {
            number,
            fraction,
            spaced: unit_and_rest.len() != rest.len(),
            unit,
        };
        Ok((part, after.trim_start()))
    }

    fn scale(&self) -> Result<u128, Malformed> {
        let Self { number, unit, .. } = *self;
        if unit.is_empty() {
            return Err(match self.fraction {
                Some(_) => Malformed::Fraction(None),
                None => Malformed::NoUnit(number.to_owned()),
            });
        }
        let Some((_, scale)) = UNITS.iter().find(|(name, _)| *name == unit) else {
            return Err(Malformed::UnknownUnit {
                unit: unit.to_owned(),
                meant: meant(unit),
            });
        };
        if let Some(fraction) = self.fraction {
            return Err(Malformed::Fraction(whole(number, fraction, *scale)));
        }
        if self.spaced {
            return Err(Malformed::Spaced(format!("{number}{unit}")));
        }
        Ok(*scale)
    }
}

fn digits(text: &str) -> (&str, &str) {
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    text.split_at(end)
}

fn meant(unit: &str) -> Option<&'static str> {
    let unit = unit.to_lowercase();
    for (name, _) in &UNITS {
        if *name == unit {
            return Some(name);
        }
    }
    for (word, name) in &SPELLED_OUT {
        if unit.starts_with(word) {
            return Some(name);
        }
    }
    None
}

/// `1.5s` as `1500ms`.
fn whole(number: &str, fraction: &str, scale: u128) -> Option<String> {
    let tenths = u32::try_from(fraction.len()).ok()?;
    let nanos = format!("{number}{fraction}")
        .parse::<u128>()
        .ok()?
        .checked_mul(scale)?;
    let one = 10_u128.checked_pow(tenths)?;
    if nanos % one != 0 || nanos == 0 {
        return None;
    }
    let nanos = nanos / one;
    let (unit, scale) = UNITS.iter().find(|(_, scale)| nanos % scale == 0)?;
    Some(format!("{}{unit}", nanos / scale))
}

#[cfg(test)]
mod tests {
    use super::{Malformed, Parts, parse};

    #[test]
    fn accepted() {
        for (text, seconds, nanos) in [
            ("5s", 5, 0),
            (" 5s ", 5, 0),
            ("500ms", 0, 500_000_000),
            ("250us", 0, 250_000),
            ("250\u{b5}s", 0, 250_000),
            ("250\u{3bc}s", 0, 250_000),
            ("100ns", 0, 100),
            ("2m", 120, 0),
            ("2min", 120, 0),
            ("1h", 3600, 0),
            ("1m30s", 90, 0),
            ("1h 30m", 5400, 0),
            ("1h2m3s4ms5us6ns", 3723, 4_005_006),
            ("90s", 90, 0),
            ("007s", 7, 0),
            ("0s", 0, 0),
            ("18446744073709551615s", u64::MAX, 0),
            ("18446744073709551615s999999999ns", u64::MAX, 999_999_999),
        ] {
            assert_eq!(parse(text), Ok(Parts { seconds, nanos }), "{text}");
        }
    }

    #[test]
    fn refused() {
        let unknown = |unit: &str, meant| Malformed::UnknownUnit {
            unit: unit.to_owned(),
            meant,
        };
        let fraction = |whole: &str| Malformed::Fraction(Some(whole.to_owned()));
        for (text, why) in [
            ("", Malformed::Empty),
            (" \t", Malformed::Empty),
            ("5", Malformed::NoUnit("5".to_owned())),
            ("1h30", Malformed::NoUnit("30".to_owned())),
            ("s", Malformed::NoNumber),
            ("five s", Malformed::NoNumber),
            ("1h,30m", unknown("h,", None)),
            ("-5s", Malformed::Signed),
            ("+5s", Malformed::Signed),
            ("1.5s", fraction("1500ms")),
            ("0.5h", fraction("30m")),
            ("1.000s", fraction("1s")),
            ("1.5ns", Malformed::Fraction(None)),
            ("1.5", Malformed::Fraction(None)),
            (".5s", Malformed::NoNumber),
            ("1.1.1s", unknown(".", None)),
            ("5 s", Malformed::Spaced("5s".to_owned())),
            ("5 parsecs", unknown("parsecs", None)),
            ("5S", unknown("S", Some("s"))),
            ("5MS", unknown("MS", Some("ms"))),
            ("5sec", unknown("sec", Some("s"))),
            ("5seconds", unknown("seconds", Some("s"))),
            ("5hrs", unknown("hrs", Some("h"))),
            ("5mins", unknown("mins", Some("m"))),
            ("5millis", unknown("millis", Some("ms"))),
            ("5d", unknown("d", None)),
            ("1e3s", unknown("e", None)),
            ("1_000s", unknown("_", None)),
            ("5s5s", Malformed::NotDescending),
            ("5m5min", Malformed::NotDescending),
            ("1s1m", Malformed::NotDescending),
            ("99999999999999999999s", Malformed::TooLong),
            ("18446744073709551616s", Malformed::TooLong),
            ("18446744073709551615s1000000000ns", Malformed::TooLong),
            (
                "9999999999999999999999999999999999999999h",
                Malformed::TooLong,
            ),
            (
                "340282366920938463463374607431768211455h",
                Malformed::TooLong,
            ),
            ("584542046091y", unknown("y", None)),
            ("\u{665}s", Malformed::NoNumber),
        ] {
            assert_eq!(parse(text), Err(why), "{text}");
        }
    }
}
