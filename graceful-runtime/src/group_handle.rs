//! The running steps of one value, as whoever waits for them has them.

use crate::contained::contained;
use crate::format::Listing;
use crate::step_state::StepState;
use std::sync::Arc;
use tokio::sync::{Notify, SetOnce};

/// Dropped before the end, it has what runs cut, and what has not begun dropped.
pub(crate) struct GroupHandle {
    parent: Arc<StepState>,
    shared: Arc<GroupEnd>,
}

/// What both sides of a group have.
#[derive(Default)]
pub(crate) struct GroupEnd {
    /// Asked for by whoever waited.
    pub(crate) cut: Notify,
    /// The names of the steps that did not close.
    unclean: SetOnce<Vec<String>>,
}

impl GroupEnd {
    /// Called once, by who closes the steps.
    pub(crate) fn set(&self, unclean: Vec<String>) {
        // Whoever waits may have an executor of the user's, and a panic of that is not ours.
        contained(|| self.unclean.set(unclean).is_ok());
    }
}

impl GroupHandle {
    pub(crate) fn new(parent: Arc<StepState>) -> Self {
        Self {
            parent,
            shared: Arc::default(),
        }
    }

    pub(crate) fn end(&self) -> &Arc<GroupEnd> {
        &self.shared
    }

    /// Waits for the last step. An error names those that did not close.
    pub(crate) async fn ended(&self) -> crate::outcome::Result {
        match &**self.shared.unclean.wait().await {
            [] => Ok(()),
            names => {
                let quoted: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
                Err(format!("not closed: {}", Listing(&quoted, ["step", "steps"])).into())
            }
        }
    }
}

impl Drop for GroupHandle {
    fn drop(&mut self) {
        if self.shared.unclean.initialized() {
            return;
        }
        self.shared.cut.notify_one();
        let shared = self.shared.clone();
        self.parent.add_cut_end(Box::pin(async move {
            shared.unclean.wait().await;
        }));
    }
}
