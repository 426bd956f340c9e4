//! The end of `main`: its code, and a reason to stop.

use super::state::Lifecycle;
use crate::reason::Reason;

impl Lifecycle {
    /// With this code of its own.
    pub(crate) fn main_returned(&self, code: u8) {
        self.codes().main_returned(code);
        self.request(Reason::MainReturned);
    }

    pub(crate) fn main_failed(&self, error: String) {
        self.codes().main_failed(error.clone());
        self.request(Reason::MainFailed(error));
    }

    pub(crate) fn main_panicked(&self, message: String) {
        self.codes().main_panicked(message.clone());
        self.request(Reason::MainPanicked(message));
    }
}
