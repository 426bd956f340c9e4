//! The sections that are not to be cut, as a list.

use std::borrow::Cow;

/// The sections that run.
#[derive(Default)]
pub(super) struct Sections {
    pub(super) running: Vec<(u64, Cow<'static, str>)>,
    pub(super) last_id: u64,
    /// The body is to be dropped as soon as none runs.
    pub(super) drops_body: bool,
}

impl Sections {
    pub(super) fn names(&self) -> Vec<String> {
        let running = self.running.iter();
        running.map(|(_, name)| name.to_string()).collect()
    }
}
