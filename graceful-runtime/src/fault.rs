//! What a test wants to go wrong with a step.

use crate::duration::Written;
use std::fmt;
use std::time::Duration;

/// What goes wrong with a field that is closed in a test.
///
/// It takes the place of the field's own close; what the field holds goes with it, and is dropped
/// when such a close would drop it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// It never ends. Dropped at its limit.
    Hang,
    /// It panics with this message. The panic hook is not called, since a backtrace of what was planned
    /// would hide what was not.
    Panic(&'static str),
    /// It returns an error of this text.
    Fail(&'static str),
    /// It takes so much longer: it waits, and then closes for real.
    Slow(Duration),
    /// It blocks its thread for so long, and then closes for real. What it holds can't be dropped
    /// before: past its limit, only once the block is over.
    ///
    /// In paused time no thread is blocked, since the clock would stop with it: the field is held as
    /// a blocked thread would hold it, for so long on the paused clock. Where the limit comes before
    /// that, it is then dropped, and not closed any more.
    Block(Duration),
}

/// `hang`, `slow 2s`
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self {
            Self::Hang => "hang".to_owned(),
            Self::Panic(_) => "panic".to_owned(),
            Self::Fail(_) => "fail".to_owned(),
            Self::Slow(time) => format!("slow {}", Written(*time)),
            Self::Block(time) => format!("block {}", Written(*time)),
        };
        f.pad(&word)
    }
}

/// The faults of one run, by the dotted names of the fields.
#[derive(Clone, Debug, Default)]
pub(crate) struct Faults {
    pub(crate) of_fields: Vec<(String, Fault)>,
    /// Whether the run's clock is paused.
    pub(crate) paused: bool,
}

impl Faults {
    pub(crate) fn of(&self, name: &str) -> Option<Fault> {
        let of_field = |(field, fault): &(String, Fault)| (field == name).then_some(*fault);
        self.of_fields.iter().find_map(of_field)
    }
}
