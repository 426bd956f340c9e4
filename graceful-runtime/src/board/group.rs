//! Steps that belong together: one struct's fields, with who may begin and how long each may take.

use super::limits::{Later, behind, limit};
use super::table::Table;
use super::turns::Turns;
use super::{Job, Pending};
use crate::later::later;
use crate::plan::Need;
use std::task::Waker;
use tokio::time::Instant;

pub(super) struct Group {
    /// The row whose steps these are.
    pub(super) parent: Option<usize>,
    first_row: usize,
    slots: Table<Slot>,
    turns: Turns,
    /// Released and not ended.
    open: usize,
    pub(super) deadline: Instant,
    pub(super) waker: Option<Waker>,
}

struct Slot {
    need: Need,
    /// What it has to leave for those behind it.
    later: Later,
    job: Option<Job>,
}

impl Group {
    /// Each of `steps` stands behind those that it waits for.
    #[inline]
    pub(super) fn new(
        parent: Option<usize>,
        first_row: usize,
        mut steps: Vec<Pending>,
        now: Instant,
        deadline: Instant,
    ) -> Self {
        // Who declares more than there is must not crowd out those who declare what they need.
        let whole = deadline.saturating_duration_since(now);
        for step in &mut steps {
            step.need = step.need.within(whole);
        }
        let later = behind(&steps);
        let turns = Turns::new(&steps);
        let mut slots = Table::default();
        for (place, step) in steps.into_iter().enumerate() {
            slots.push(Slot {
                need: step.need,
                later: later[place],
                job: Some(step.job),
            });
        }
        Self {
            parent,
            first_row,
            slots,
            turns,
            open: 0,
            deadline,
            waker: None,
        }
    }

    #[inline]
    pub(super) fn is_over(&self) -> bool {
        self.open == 0 && self.turns.are_over()
    }

    /// Whether some row's turn has come.
    #[inline]
    pub(super) fn is_due(&self) -> bool {
        self.turns.is_due()
    }

    /// A row whose turn has come, now open, with its limit; none where each such row has been released.
    #[inline]
    pub(super) fn release(&mut self, now: Instant) -> Option<(usize, Instant)> {
        let slot = self.turns.release()?;
        self.open += 1;
        let Slot {
            need,
            later: behind,
            ..
        } = self.slots[slot];
        let remaining = self.deadline.saturating_duration_since(now);
        let limit = later(now, limit(need, remaining, behind));
        Some((self.first_row + slot, limit))
    }

    #[inline]
    pub(super) fn end(&mut self, row: usize) {
        self.open -= 1;
        self.turns.end(row - self.first_row);
    }

    /// The rows that were never released, and never will be.
    #[inline]
    pub(super) fn give_up(&mut self) -> Vec<usize> {
        let mut rows = self.turns.give_up();
        for row in &mut rows {
            *row += self.first_row;
        }
        rows
    }

    #[inline]
    pub(super) fn take_job(&mut self, row: usize) -> Option<Job> {
        self.slots[row - self.first_row].job.take()
    }

    #[inline]
    pub(super) fn put_job(&mut self, row: usize, job: Job) {
        self.slots[row - self.first_row].job = Some(job);
    }
}
