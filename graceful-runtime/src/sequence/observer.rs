//! Who is told what happens to steps.

use crate::outcome::Outcome;
use crate::step_state::StepState;
use std::sync::Arc;
use std::time::Duration;

/// Told of each step that is no whole state.
pub(crate) trait Observer: Send + Sync {
    fn step_began(&self, step: &Arc<StepState>, limit: Duration);
    /// It was polled, and did not end.
    fn step_waits(&self, step: &Arc<StepState>);
    /// What it holds is to be dropped: so long that is waited for.
    fn step_cut(&self, step: &Arc<StepState>, at_most: Duration);
    fn step_ended(&self, step: &Arc<StepState>, outcome: &Outcome, took: Duration);
}
