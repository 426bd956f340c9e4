//! Where a server stands: it only goes forward.

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Stage {
    Serving,
    /// The stop has begun, and the delay passes: still serving, but clients are asked to go elsewhere.
    Draining,
    /// No new connection, no second request: only what has begun.
    Closing,
    /// The limit has passed: everything ends where it is.
    Cut,
}

impl Stage {
    /// The stage whose discriminant this is.
    pub(super) const fn from_number(number: u8) -> Self {
        match number {
            0 => Self::Serving,
            1 => Self::Draining,
            2 => Self::Closing,
            _ => Self::Cut,
        }
    }
}
