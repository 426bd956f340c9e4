//! What a load has seen of one server.

pub(crate) struct Turn {
    pub(crate) per_second: f64,
    pub(crate) p99_ms: f64,
    /// Of the server's processor time, in the kernel too.
    pub(crate) us_each: f64,
}
