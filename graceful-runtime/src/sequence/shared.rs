//! What the groups and the steps of one stop share.

use super::observer::Observer;
use crate::context::StepClose;
use crate::executor::Executor;
#[cfg(feature = "test-util")]
use crate::fault::Faults;
use crate::lock::Lock;
use crate::plan::Overrides;
use crate::reason::Reason;
use crate::step_state::StepState;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The steps of one stop.
pub(crate) struct Sequence {
    pub(super) executor: Arc<Executor>,
    pub(super) reason: Arc<Reason>,
    pub(super) observer: Option<Arc<dyn Observer>>,
    #[cfg(feature = "test-util")]
    pub(super) faults: Arc<Faults>,
    /// Whose steps are those that were registered.
    pub(super) root: Arc<StepState>,
    /// What is asked for in place of what is written.
    pub(super) limits: Option<Arc<dyn Overrides>>,
    /// Last words that were not known before. A mutex: touched where a value that is made only at its close has some.
    pub(super) handed_over: Lock<Vec<StepClose>>,
    /// What has not begun does not begin any more: the process ends.
    begins_no_more: AtomicBool,
}

impl Sequence {
    pub(crate) fn new(
        executor: Arc<Executor>,
        reason: Arc<Reason>,
        observer: Option<Arc<dyn Observer>>,
        limits: Option<Arc<dyn Overrides>>,
        #[cfg(feature = "test-util")] faults: Arc<Faults>,
    ) -> Arc<Self> {
        Arc::new(Self {
            executor,
            reason,
            observer,
            #[cfg(feature = "test-util")]
            faults,
            root: StepState::new(String::new(), None, true),
            limits,
            handed_over: Lock::default(),
            begins_no_more: AtomicBool::new(false),
        })
    }

    /// The process is about to end, and what has not begun is not closed any more: nor is it dropped, as which some are closed.
    pub(crate) fn begin_no_more(&self) {
        // Relaxed: it guards nothing. A step that begins in the same moment may have begun before it as well.
        self.begins_no_more.store(true, Ordering::Relaxed);
    }

    pub(super) fn begins_no_more(&self) -> bool {
        // Relaxed: as where it is stored.
        self.begins_no_more.load(Ordering::Relaxed)
    }

    /// Whether something is to be closed when everything else has been said, and was not known before.
    pub(crate) fn has_last_words(&self) -> bool {
        !self.handed_over.lock().is_empty()
    }

    /// That.
    pub(crate) fn take_last_words(&self) -> Vec<StepClose> {
        std::mem::take(&mut self.handed_over.lock())
    }

    /// Who is told of this step: in place of a whole state its own steps are told of.
    pub(super) fn observer_of(&self, step: &StepState) -> Option<&dyn Observer> {
        self.observer.as_deref().filter(|_| !step.is_state())
    }

    /// All steps, as far as they have come.
    pub(crate) fn root(&self) -> &Arc<StepState> {
        &self.root
    }
}
