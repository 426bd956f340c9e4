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
    pub(crate) fn add_below(&mut self, name: &str, part: Self) {
        self.add_named(part, |own| format!("{name}.{own}"));
    }

    /// Takes those of a part, called as `path` says.
    pub(crate) fn add_named(&mut self, part: Self, path: impl Fn(&str) -> String) {
        let named = |step: StepClose| StepClose {
            name: path(&step.name).into(),
            ..step
        };
        self.last_words
            .extend(part.last_words.into_iter().map(&named));
        self.at_request
            .extend(part.at_request.into_iter().map(&named));
    }
}
