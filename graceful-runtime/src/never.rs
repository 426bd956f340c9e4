//! `!`, which may be written nowhere but in a signature.

use crate::outcome::{IntoOutcome, Result};

/// What never comes.
pub type Never = <fn() -> ! as Returning>::Output;

/// A function, for what it returns.
pub trait Returning {
    /// Its type.
    type Output;
}

impl<T> Returning for fn() -> T {
    type Output = T;
}

/// A task without an end, or a close that exits.
#[diagnostic::do_not_recommend]
impl IntoOutcome for Never {
    fn into_outcome(self) -> Result {
        self
    }
}
