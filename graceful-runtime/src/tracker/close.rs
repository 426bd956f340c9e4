//! Closing a tracker: nothing new, then the end of what there is.

use super::Tracker;
use super::in_flight::summary;
use crate::context::Context;
use crate::drain::{Drain, drain};
use crate::outcome::Result;
use crate::shutdown::Shutdown;
use std::sync::Arc;

/// Refuses new work, and waits for what is in flight.
///
/// At its limit the step has timed out, and its last word in the report names what was left; the
/// tasks among it are aborted.
impl Shutdown for Tracker {
    async fn shutdown(self, cx: Context) -> Result {
        drain(Arc::new(self), cx).await;
        Ok(())
    }
}

impl Drain for Tracker {
    fn close(&self, _: &Context) {
        self.close();
    }

    fn ended(&self) -> impl Future<Output = ()> + Send {
        self.wait()
    }

    fn left(&self) -> Option<String> {
        let left = self.left();
        (!left.is_empty()).then(|| summary(&left))
    }

    fn in_flight(&self) -> Option<usize> {
        Some(self.len())
    }

    fn cut(&self) {
        self.abort();
    }
}
