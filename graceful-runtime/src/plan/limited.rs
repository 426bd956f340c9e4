//! A plan with other limits than those that are written: what the environment says of single fields.

use super::nanos::Nanos;
use super::path;
use super::tree::{Nested, Plan, Shape, Step};
use std::time::Duration;

/// A step's own steps take longer than it may.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TooLong {
    /// The step.
    pub(crate) step: String,
    pub(crate) limit: Duration,
    pub(crate) needs: Duration,
}

impl Plan {
    /// The dotted path of each step, outer ones before their own.
    pub(crate) fn paths(&self) -> Vec<String> {
        let mut paths = Vec::new();
        self.add_paths("", &mut paths);
        paths
    }

    fn add_paths(&self, outer: &str, paths: &mut Vec<String>) {
        for step in self.alternatives().iter().flat_map(Self::steps) {
            let path = below(outer, step.name);
            paths.push(path.clone());
            step.plan.get().add_paths(&path, paths);
        }
    }

    /// The step of this dotted path.
    pub(crate) fn step(&self, path: &str) -> Option<&Step> {
        let mut steps = self.alternatives().iter().flat_map(Self::steps);
        steps.find_map(|step| match path.strip_prefix(step.name)? {
            "" => Some(step),
            below => step.plan.get().step(below.strip_prefix('.')?),
        })
    }

    /// The plan with the limits that `limit` has for the paths of its steps. A budget of the whole that is too short for
    /// them is lifted: it was proven for those that were written.
    ///
    /// Its steps are never freed, as those of every plan. So it is made once for a state, and not where a stop is.
    ///
    /// # Errors
    ///
    /// The innermost step that is shorter than what is in it.
    pub(crate) fn limited(
        &self,
        limit: &dyn Fn(&str) -> Option<Duration>,
    ) -> Result<Self, TooLong> {
        let mut plan = self.limited_below("", limit)?;
        plan.budget = plan.budget.filter(|budget| budget.0 >= plan.path.0);
        Ok(plan)
    }

    fn limited_below(
        &self,
        outer: &str,
        limit: &dyn Fn(&str) -> Option<Duration>,
    ) -> Result<Self, TooLong> {
        let (shape, sum) = match self.shape {
            Shape::Leaf => return Ok(*self),
            Shape::Steps(steps) => {
                let mut limited = Vec::with_capacity(steps.len());
                for step in steps {
                    limited.push(step.limited(outer, limit)?);
                }
                let steps = limited.leak();
                (Shape::Steps(steps), path::of_steps(steps))
            }
            Shape::Variants(variants) => {
                let mut limited = Vec::with_capacity(variants.len());
                for variant in variants {
                    limited.push(variant.limited_below(outer, limit)?);
                }
                let variants = limited.leak();
                (Shape::Variants(variants), path::of_variants(variants))
            }
        };
        Ok(Self {
            path: sum.path,
            open: sum.open,
            shape,
            ..*self
        })
    }
}

impl Step {
    fn limited(
        &self,
        outer: &str,
        limit: &dyn Fn(&str) -> Option<Duration>,
    ) -> Result<Self, TooLong> {
        let path = below(outer, self.name);
        let plan = self.plan.get().limited_below(&path, limit)?;
        let timeout = limit(&path).map(Nanos::of).or(self.timeout);
        let most = timeout.or(plan.budget);
        // Of the plan itself, whose budget a limit of the step's own takes the place of.
        match most.filter(|most| most.0 < plan.path.0) {
            Some(most) => Err(TooLong {
                step: path,
                limit: most.duration(),
                needs: plan.path.duration(),
            }),
            None => Ok(Self {
                timeout,
                plan: Nested::Copy(plan),
                ..*self
            }),
        }
    }
}

fn below(outer: &str, name: &str) -> String {
    if outer.is_empty() {
        name.to_owned()
    } else {
        format!("{outer}.{name}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn s(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    const QUEUE: Plan = Plan::new(
        "Queue",
        &[
            Step::new("consumer").timeout(s(2)),
            Step::new("outbox").order(1).timeout(s(3)),
        ],
    )
    .budget(s(6));

    const APP: Plan = Plan::new(
        "App",
        &[
            Step::new("http").timeout(s(10)),
            Step::new("queue").order(1).plan(QUEUE),
            Step::new("db").order(2),
        ],
    )
    .budget(s(20));

    fn limited(limits: &[(&str, u64)]) -> Result<Plan, TooLong> {
        APP.limited(&|path| {
            let found = limits.iter().find(|(name, _)| *name == path);
            found.map(|(_, seconds)| s(*seconds))
        })
    }

    #[test]
    fn limits_take_the_place_of_those_that_are_written() {
        let plan = limited(&[("http", 4), ("queue.consumer", 3), ("db", 1)]).unwrap();
        assert_eq!(plan.critical_path(), s(11));
        assert_eq!(plan.declared(), Some(s(20)));
        for (path, limit) in [
            ("http", 4),
            ("queue", 6),
            ("queue.consumer", 3),
            ("queue.outbox", 3),
            ("db", 1),
        ] {
            let step = plan.step(path).unwrap();
            assert_eq!(step.declared(), Some(s(limit)), "{path}");
        }
        assert_eq!(plan.step("queue.out"), None);
    }

    #[test]
    fn a_budget_of_the_whole_is_lifted_where_it_is_too_short() {
        let plan = limited(&[("db", 30)]).unwrap();
        assert_eq!(plan.declared(), Some(s(46)));
    }

    #[test]
    fn what_does_not_fit_into_its_step_is_refused() {
        let refused = limited(&[("queue.consumer", 5)]);
        let expected = TooLong {
            step: "queue".to_owned(),
            limit: s(6),
            needs: s(8),
        };
        assert_eq!(refused, Err(expected));
        assert!(limited(&[("queue.consumer", 5), ("queue", 8)]).is_ok());
        assert!(limited(&[("queue", 4)]).is_err());
    }
}
