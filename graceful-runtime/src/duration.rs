//! Durations as text, in the environment and in what is said.

mod grammar;

pub(crate) use grammar::{Malformed, Written, parse};
use std::fmt;

impl fmt::Display for Malformed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("it is empty"),
            Self::Signed => f.write_str("it has a sign"),
            Self::Fraction => f.write_str("it has a fraction"),
            Self::NoNumber => f.write_str("a number is missing"),
            Self::NoUnit(number) => write!(f, "`{number}` has no unit"),
            Self::UnknownUnit(unit) => write!(f, "no unit is called `{unit}`"),
            Self::TooLong => f.write_str("it is too long"),
        }
    }
}
