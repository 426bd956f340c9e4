//! Durations as text, in the environment and in what is said.

mod grammar;

pub(crate) use grammar::{Malformed, Written, parse};
use std::ffi::OsString;
use std::fmt;
use std::time::Duration;

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

/// What a variable of the environment says. An empty one counts as one that is not set: manifests often can't leave one
/// away.
///
/// # Errors
///
/// One line that says what is wrong, and how to write it.
pub(crate) fn from_variable(
    name: &str,
    example: &str,
    value: Option<OsString>,
) -> Result<Option<Duration>, String> {
    let Some(value) = value.filter(|value| !value.is_empty()) else {
        return Ok(None);
    };
    let value = value.to_string_lossy();
    match parse(&value) {
        Ok(duration) => Ok(Some(duration)),
        Err(error) => Err(format!(
            "{name}={value:?} is not a duration ({error}): write it like `{example}`"
        )),
    }
}
