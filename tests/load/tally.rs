//! What became of requests.

use std::fmt;
use std::ops::AddAssign;

/// How many requests ended in which way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// With the answer that was asked for.
    pub answered: usize,
    /// With another status, 502 and 503 among them.
    pub failed: usize,
    /// Before it began: nobody listened.
    pub refused: usize,
    /// Without an answer, on a connection that had been established.
    pub cut: usize,
    /// The same, by a client that was silent for longer than the server waits: its machine gave it no processor.
    pub late: usize,
    /// Never, for all that the client could wait.
    pub lost: usize,
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.answered += other.answered;
        self.failed += other.failed;
        self.refused += other.refused;
        self.cut += other.cut;
        self.late += other.late;
        self.lost += other.lost;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} answered, {} failed, {} refused, {} cut, {} lost",
            self.answered, self.failed, self.refused, self.cut, self.lost
        )?;
        match self.late {
            0 => Ok(()),
            late => write!(f, ", {late} late"),
        }
    }
}
