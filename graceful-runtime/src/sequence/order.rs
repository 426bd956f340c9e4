//! Which step may start: one does as soon as all that it waits for have ended. Pure.
//!
//! A step waits for those that it names, and one with an order for all of the lower orders too. That is a
//! count for the whole order, not an edge between each two steps.

use crate::context::StepClose;
use std::collections::VecDeque;

pub(super) struct Order {
    steps: Vec<Dependencies>,
    /// The order whose steps may start, with all that are below it.
    current: Option<u32>,
    /// How many of that order have not ended.
    of_current: usize,
    /// Where to look for the next order.
    next: usize,
    ready: VecDeque<usize>,
    /// How many have not ended.
    open: usize,
    /// None of those that wait is to start any more.
    is_over: bool,
}

struct Dependencies {
    order: Option<u32>,
    /// How many of those that it names have not ended.
    waits_for: usize,
    /// Who names it.
    followers: Vec<usize>,
}

impl Order {
    /// Each of `steps` stands behind those that it waits for.
    pub(super) fn new(steps: &[StepClose]) -> Self {
        let mut dependencies: Vec<_> = steps
            .iter()
            .map(|step| Dependencies {
                order: step.order,
                waits_for: step.after.len(),
                followers: Vec::new(),
            })
            .collect();
        for (follower, step) in steps.iter().enumerate() {
            for &before in &step.after {
                dependencies[before].followers.push(follower);
            }
        }
        let mut order = Self {
            open: dependencies.len(),
            steps: dependencies,
            current: None,
            of_current: 0,
            next: 0,
            ready: VecDeque::new(),
            is_over: false,
        };
        order.begin_next_order();
        order
    }

    /// A step that may start, which is then started.
    pub(super) fn start_next(&mut self) -> Option<usize> {
        self.ready.pop_front()
    }

    /// A started step has ended.
    pub(super) fn end(&mut self, step: usize) {
        self.open -= 1;
        for follower in std::mem::take(&mut self.steps[step].followers) {
            self.steps[follower].waits_for -= 1;
            self.offer(follower);
        }
        if self.steps[step].order.is_some() {
            self.of_current -= 1;
            if self.of_current == 0 {
                self.begin_next_order();
            }
        }
    }

    pub(super) fn have_all_ended(&self) -> bool {
        self.open == 0
    }

    /// So many have not started, and never will.
    pub(super) fn give_up(&mut self, waiting: usize) {
        self.is_over = true;
        self.ready.clear();
        self.open -= waiting;
    }

    fn begin_next_order(&mut self) {
        self.current = None;
        while let Some(step) = self.steps.get(self.next) {
            if step.order.is_some() {
                if self.current.is_some() && self.current != step.order {
                    return;
                }
                self.current = step.order;
                self.of_current += 1;
                self.offer(self.next);
            }
            self.next += 1;
        }
    }

    fn offer(&mut self, step: usize) {
        let dependencies = &self.steps[step];
        // What stands before the next order is of this one, or of a lower one, or of none.
        let is_reached = dependencies.order.is_none() || dependencies.order <= self.current;
        if is_reached && dependencies.waits_for == 0 && !self.is_over {
            self.ready.push_back(step);
        }
    }
}
