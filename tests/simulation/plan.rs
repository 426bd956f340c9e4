//! Random plans: orders, edges by name, limits, states within states.

use graceful::{Plan, Step};
use std::time::Duration;

const NAMES: [&str; 8] = ["a", "b", "c", "d", "e", "f", "g", "h"];

/// How deep states are within states.
const DEPTH: u32 = 3;

/// The plan of a state, and of the states in it.
pub(crate) struct Tree {
    pub(crate) steps: &'static [Step],
    /// For each step its own steps, where it has some.
    pub(crate) nested: Vec<Option<Tree>>,
}

impl Tree {
    pub(crate) fn random(random: &mut fastrand::Rng) -> Self {
        Self::of_depth(random, DEPTH)
    }

    pub(crate) fn plan(&self) -> Plan {
        Plan::new("State", self.steps)
    }

    /// The steps that have to be over before the one at this place begins, by the rules as the docs have them.
    pub(crate) fn before(&self, place: usize) -> impl Iterator<Item = &'static str> {
        let step = &self.steps[place];
        let earlier = self.steps[..place].iter().filter(move |other| {
            let is_lower = matches!(
                (step.get_order(), other.get_order()),
                (Some(own), Some(other)) if other < own
            );
            is_lower || step.get_after().contains(&other.name())
        });
        earlier.map(Step::name)
    }

    fn of_depth(random: &mut fastrand::Rng, depth: u32) -> Self {
        let (mut steps, mut nested): (Vec<Step>, Vec<_>) = Default::default();
        let mut order = 0;
        for name in NAMES.into_iter().take(random.usize(1..=NAMES.len())) {
            let own = order + u32::from(random.bool());
            let is_ordered = random.bool();
            let after: Vec<&str> = steps
                .iter()
                .filter(|other| !(is_ordered && other.get_order() == Some(own)))
                .filter(|_| random.u8(0..4) == 0)
                .map(Step::name)
                .collect();
            let mut step = Step::new(name);
            if is_ordered || after.is_empty() {
                order = own;
                step = step.order(order);
            }
            let inner =
                (depth > 1 && random.u8(0..4) == 0).then(|| Self::of_depth(random, depth - 1));
            let needed = inner
                .as_ref()
                .map_or(Duration::ZERO, |inner| inner.plan().critical_path());
            if random.bool() {
                step = step.timeout(needed + Duration::from_millis(random.u64(1..400)));
            }
            if let Some(inner) = &inner {
                step = step.plan(inner.plan());
            }
            steps.push(step.after(after.leak()));
            nested.push(inner);
        }
        Self {
            steps: steps.leak(),
            nested,
        }
    }
}
