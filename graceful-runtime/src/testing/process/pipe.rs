//! Who reads what a program prints.

/// Who reads what a program writes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Pipe {
    /// The test does.
    #[default]
    Read,
    /// Nobody, though the pipe is open: once it is full, at 64 KiB on Linux, writing blocks.
    Unread,
    /// Whoever read it has gone, as under `| head -1`: writing fails.
    Closed,
}
