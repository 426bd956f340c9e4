//! What others may hold too: closed by a clone, or field by field through the whole.

use super::{Parts, Shutdown, Watch};
use crate::context::Close;
use std::sync::Arc;

/// How a clone of `value` is closed, where something is to happen with it at another moment than that of its close.
/// In any other case it is cloned when it is closed, as what it is by then.
pub(crate) fn close_of_clone<S: Shutdown + Clone>(
    value: &S,
    watch: Option<&Watch>,
) -> Option<Close> {
    if !S::__GRACEFUL_NESTED.has_moments() {
        return None;
    }
    let close = value.clone().__graceful_close(watch);
    // What is not there yet, as in a `OnceLock`, is cloned when it is.
    close.has_moments().then_some(close)
}

impl Parts {
    /// The next step closes a clone of a field of `whole`.
    #[track_caller]
    pub fn close_clone<S, T>(&mut self, whole: Arc<S>, field: fn(&S) -> &T)
    where
        S: Send + Sync + 'static,
        T: Shutdown + Clone,
    {
        let watch = self.watch_next();
        let early = close_of_clone(field(&whole), watch.as_ref());
        let close =
            early.unwrap_or_else(|| Close::new(move |cx| field(&whole).clone().shutdown(cx)));
        self.push(close);
    }
}
