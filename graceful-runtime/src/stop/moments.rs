//! Who does what few programs ask for, at other moments of the stop than that of the closes. Registered by whoever asks for
//! it, so that a program which asks for nothing is not linked with it.

use super::supervisor::Supervisor;
use crate::context::StepClose;
use crate::futures::Boxed;
use crate::latch::Latch;
use crate::lifecycle::Stop;
use std::sync::{Arc, OnceLock};

/// Does what is to be done at the request.
pub(crate) trait AtRequest: Sync {
    /// What is known of by then, beside `closes`, of which none begins before the latch is open.
    fn beside<'a>(
        &self,
        supervisor: &'a Supervisor,
        stop: &'a Stop,
        closes: Boxed<'a>,
        has_acted: &'a Latch,
    ) -> Boxed<'a>;

    /// What came behind it, before these are closed.
    fn late<'a>(
        &self,
        supervisor: &'a Supervisor,
        stop: &'a Stop,
        acts: Vec<StepClose>,
        closes: &[StepClose],
    ) -> Boxed<'a>;
}

/// Closes what is closed last.
pub(crate) trait LastWords: Sync {
    /// Says what happened, and then closes what has carried that.
    fn end<'a>(&self, supervisor: &'a Arc<Supervisor>) -> Boxed<'a>;

    /// Closes it where everything has been said, within its time; who comes second waits for the same end.
    fn close<'a>(&self, supervisor: &'a Supervisor) -> Boxed<'a>;
}

/// Of the process, both, since they are code: what they are to do stands in each lifecycle.
static AT_REQUEST: OnceLock<&'static dyn AtRequest> = OnceLock::new();
static LAST_WORDS: OnceLock<&'static dyn LastWords> = OnceLock::new();

/// Called before something is registered that is to be done at the request.
pub(crate) fn register_at_request(acts: &'static dyn AtRequest) {
    AT_REQUEST.get_or_init(|| acts);
}

/// Called before something is registered that is to be closed last.
pub(crate) fn register_last_words(last_words: &'static dyn LastWords) {
    LAST_WORDS.get_or_init(|| last_words);
}

pub(super) fn at_request() -> Option<&'static dyn AtRequest> {
    AT_REQUEST.get().copied()
}

impl Supervisor {
    /// Who closes the last words, where any are to come, or have begun.
    pub(crate) fn last_words(&self) -> Option<&'static dyn LastWords> {
        let last_words = LAST_WORDS.get().copied();
        last_words.filter(|_| self.has_last_words())
    }

    fn has_last_words(&self) -> bool {
        self.closing_last.has_closed.initialized() || self.lifecycle.stack().has_last_words() || {
            let sequence = self.sequence.get();
            sequence.is_some_and(|sequence| sequence.has_last_words())
        }
    }
}
