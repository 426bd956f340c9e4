//! What a value asks for at other moments of the stop than that of its own close: carried with its close, and taken
//! from it by whoever knows those moments.

use crate::context::StepClose;

/// How what is done at the request is called, behind its field.
pub(crate) const AT_REQUEST: &str = ".at_request";

/// Of one value, what is in it included.
#[derive(Default)]
pub(crate) struct Moments {
    /// Closed after everything else has been said, one after the other.
    pub(crate) last_words: Vec<StepClose>,
    /// Done when the stop begins, all at the same time.
    pub(crate) at_request: Vec<StepClose>,
}

impl Moments {
    pub(crate) fn is_empty(&self) -> bool {
        self.last_words.is_empty() && self.at_request.is_empty()
    }

    /// Takes those of a part that is called so.
    pub(crate) fn add_below(&mut self, name: &str, mut part: Self) {
        for step in part.last_words.iter_mut().chain(&mut part.at_request) {
            step.name = format!("{name}.{}", step.name).into();
        }
        self.add(part);
    }

    pub(crate) fn add(&mut self, mut more: Self) {
        self.last_words.append(&mut more.last_words);
        self.at_request.append(&mut more.at_request);
    }
}
