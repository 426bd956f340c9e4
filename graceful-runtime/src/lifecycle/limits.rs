//! What the environment says of single fields, for each state that is handed over.

use super::Lifecycle;
use crate::field_limits::{FieldDemands, FieldLimits};
use crate::log::to_stderr;
use crate::plan::{Plan, TimeDemand};
use crate::reason::Reason;
use crate::settings::BAD_ENVIRONMENT;
use std::sync::{Arc, OnceLock};

#[derive(Default)]
pub(super) struct Limits {
    /// None where no variable is set.
    variables: OnceLock<Variables>,
    demands: Arc<FieldDemands>,
}

struct Variables {
    limits: FieldLimits,
    /// By the plan of the state that `main` returns: those of others may have none of these fields.
    are_checked: bool,
}

impl Lifecycle {
    /// Called once, before anything can be registered.
    pub(crate) fn set_field_limits(&self, limits: FieldLimits, are_checked: bool) {
        // Nobody else sets it.
        drop(self.limits.variables.set(Variables {
            limits,
            are_checked,
        }));
    }

    pub(crate) fn field_demands(&self) -> &Arc<FieldDemands> {
        &self.limits.demands
    }

    /// What a state asks for that is handed over: what its plan says, or the environment instead. Where that does not fit,
    /// the plan holds, and the service stops before it has begun.
    pub(super) fn demand_of(&self, plan: &Plan) -> TimeDemand {
        let Some(Variables {
            limits,
            are_checked,
        }) = self.limits.variables.get()
        else {
            return plan.demand();
        };
        let timeout = self.terms.timeout.unwrap_or_default();
        let time = timeout.saturating_sub(self.terms.delay);
        if let (Some(unknown), false) = (limits.unknown(plan), are_checked) {
            to_stderr(&unknown);
        }
        match limits.applied(plan, time) {
            Ok(limited) => {
                self.limits.demands.add(&limited);
                limited.demand()
            }
            Err(why) => {
                to_stderr(&why);
                self.request(Reason::Exit(BAD_ENVIRONMENT));
                plan.demand()
            }
        }
    }
}
