//! Whose turn it is: a step begins as soon as all that it waits for has ended.
//!
//! A step waits for those that it names, and one with an order for all of the lower orders too. That
//! one is a count for the whole group, not an edge between each two steps.

use super::Pending;
use super::table::Table;
use std::collections::VecDeque;

pub(super) struct Turns {
    steps: Table<Turn>,
    /// The order whose steps may begin, with all that are below it.
    order: Option<u32>,
    /// How many of that order have not ended.
    of_order: usize,
    /// Where to look for the next order.
    next: usize,
    /// Those that may begin, and have not been released.
    due: VecDeque<usize>,
    unreleased: usize,
}

struct Turn {
    order: Option<u32>,
    /// How many of those that it names have not ended.
    waits_for: usize,
    /// Who names it.
    followers: Vec<usize>,
    released: bool,
}

impl Turns {
    /// Each of `steps` stands behind those that it waits for.
    #[inline]
    pub(super) fn new(steps: &[Pending]) -> Self {
        let mut turns = Self {
            steps: Table::default(),
            order: None,
            of_order: 0,
            next: 0,
            due: VecDeque::new(),
            unreleased: steps.len(),
        };
        for step in steps {
            turns.steps.push(Turn {
                order: step.order,
                waits_for: step.after.len(),
                followers: Vec::new(),
                released: false,
            });
        }
        for (follower, step) in steps.iter().enumerate() {
            for &before in &step.after {
                turns.steps[before].followers.push(follower);
            }
        }
        turns.begin_order();
        turns
    }

    #[inline]
    fn begin_order(&mut self) {
        self.order = None;
        while let Some(turn) = self.steps.get(self.next) {
            if turn.order.is_some() {
                if self.order.is_some() && self.order != turn.order {
                    return;
                }
                self.order = turn.order;
                self.of_order += 1;
                self.offer(self.next);
            }
            self.next += 1;
        }
    }

    #[inline]
    fn offer(&mut self, step: usize) {
        let turn = &self.steps[step];
        // What stands before the next order is of this one, or of a lower one, or of none.
        let is_reached = turn.order.is_none() || turn.order <= self.order;
        if is_reached && turn.waits_for == 0 && !turn.released {
            self.due.push_back(step);
        }
    }

    /// A step whose turn has come: now it is released.
    #[inline]
    pub(super) fn release(&mut self) -> Option<usize> {
        let step = self.due.pop_front()?;
        self.steps[step].released = true;
        self.unreleased -= 1;
        Some(step)
    }

    #[inline]
    pub(super) fn is_due(&self) -> bool {
        !self.due.is_empty()
    }

    /// Whether each has been released.
    #[inline]
    pub(super) fn are_over(&self) -> bool {
        self.unreleased == 0
    }

    #[inline]
    pub(super) fn end(&mut self, step: usize) {
        for follower in std::mem::take(&mut self.steps[step].followers) {
            self.steps[follower].waits_for -= 1;
            self.offer(follower);
        }
        if self.steps[step].order.is_some() {
            self.of_order -= 1;
            if self.of_order == 0 {
                self.begin_order();
            }
        }
    }

    /// Those that were never released, and never will be.
    #[inline]
    pub(super) fn give_up(&mut self) -> Vec<usize> {
        self.due.clear();
        self.unreleased = 0;
        let mut unreleased = Vec::new();
        for (step, turn) in self.steps.iter_mut().enumerate() {
            if !turn.released {
                turn.released = true;
                unreleased.push(step);
            }
        }
        unreleased
    }
}
