//! Durations as text, in the environment and in what is said.

mod grammar;

pub(crate) use grammar::{Malformed, Written, parse};
use std::ffi::OsString;
use std::fmt;
use std::time::Duration;

impl<'a> Malformed<'a> {
    /// What is wrong, to be read in one go: the second part is what was written. In a constant too.
    pub(crate) const fn words(&self) -> [&'a str; 3] {
        match *self {
            Self::Empty => ["it is empty", "", ""],
            Self::Signed => ["it has a sign", "", ""],
            Self::Fraction => ["it has a fraction", "", ""],
            Self::NoNumber => ["a number is missing", "", ""],
            Self::NoUnit(number) => ["`", number, "` has no unit"],
            Self::UnknownUnit(unit) => ["no unit is called `", unit, "`"],
            Self::TooLong => ["it is too long", "", ""],
        }
    }
}

impl fmt::Display for Malformed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.words().iter().try_for_each(|part| f.write_str(part))
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

/// The same of what there is to be some of.
///
/// # Errors
///
/// That it is none, too.
pub(crate) fn limit_from_variable(
    name: &str,
    example: &str,
    value: Option<OsString>,
) -> Result<Option<Duration>, String> {
    match from_variable(name, example, value)? {
        Some(Duration::ZERO) => Err(format!(
            "{name} must be longer than zero: write it like `{example}`, or leave it away"
        )),
        limit => Ok(limit),
    }
}
