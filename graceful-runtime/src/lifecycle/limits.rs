//! Limits that take the place of those that are written, for each state that is handed over.

use super::state::Lifecycle;
use crate::log::to_stderr;
use crate::plan::{Overrides, Plan, TimeDemand};
use crate::reason::Reason;
use crate::settings::BAD_ENVIRONMENT;
use std::sync::Arc;

impl Lifecycle {
    /// Called once, before anything can be registered.
    pub(crate) fn set_limits(&self, limits: Arc<dyn Overrides>) {
        // Nobody else sets it.
        drop(self.limits.set(limits));
    }

    /// None where there are none.
    pub(crate) fn limits(&self) -> Option<&Arc<dyn Overrides>> {
        self.limits.get()
    }

    /// What a state asks for that is handed over. Where other limits than those of its plan do not fit, the plan holds, and
    /// the service stops before it has begun.
    pub(super) fn demand_of(&self, plan: &Plan) -> TimeDemand {
        let Some(limits) = self.limits() else {
            return plan.demand();
        };
        match limits.applied(plan) {
            Ok(limited) => limited.demand(),
            Err(why) => {
                to_stderr(&why);
                self.codes().limits_do_not_fit(why);
                self.request(Reason::Exit(BAD_ENVIRONMENT));
                plan.demand()
            }
        }
    }
}
