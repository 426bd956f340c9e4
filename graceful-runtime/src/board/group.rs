//! Steps that belong together: one struct's fields, released order by order.

use super::limits::{Later, limit};
use super::{Job, Pending};
use crate::later::later;
use crate::plan::Need;
use std::ops::Range;
use std::task::Waker;
use tokio::time::Instant;

pub(super) struct Group {
    /// The row whose steps these are.
    pub(super) parent: Option<usize>,
    pub(super) first_row: usize,
    slots: Vec<Slot>,
    /// What each order has to leave for those behind it, by the order's place.
    later: Vec<Later>,
    released: usize,
    level: usize,
    /// Released and not ended.
    pub(super) open: usize,
    pub(super) deadline: Instant,
    pub(super) waker: Option<Waker>,
}

struct Slot {
    order: u32,
    need: Need,
    job: Option<Job>,
}

impl Group {
    /// `steps` are sorted by their order.
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
        let mut later: Vec<Later> = steps
            .chunk_by(|a, b| a.order == b.order)
            .map(|level| Later::of_level(level.iter().map(|step| step.need)))
            .collect();
        let mut behind = Later::default();
        for level in later.iter_mut().rev() {
            let with_this = behind.and(*level);
            *level = std::mem::replace(&mut behind, with_this);
        }
        let slots = steps
            .into_iter()
            .map(|step| Slot {
                order: step.order,
                need: step.need,
                job: Some(step.job),
            })
            .collect();
        Self {
            parent,
            first_row,
            slots,
            later,
            released: 0,
            level: 0,
            open: 0,
            deadline,
            waker: None,
        }
    }

    pub(super) fn is_over(&self) -> bool {
        self.open == 0 && self.released == self.slots.len()
    }

    /// The slots of the next order, now open; none where all have been released.
    pub(super) fn release(&mut self) -> Option<Range<usize>> {
        let order = self.slots.get(self.released)?.order;
        let first = self.released;
        let count = self.slots[first..]
            .iter()
            .take_while(|slot| slot.order == order)
            .count();
        self.released += count;
        self.level += 1;
        self.open += count;
        Some(first..self.released)
    }

    /// The rows that were never released, and never will be.
    pub(super) fn give_up(&mut self) -> Range<usize> {
        let first = std::mem::replace(&mut self.released, self.slots.len());
        self.first_row + first..self.first_row + self.released
    }

    /// Until when a slot of the order that was released last may take.
    pub(super) fn limit(&self, slot: usize, now: Instant) -> Instant {
        let remaining = self.deadline.saturating_duration_since(now);
        later(
            now,
            limit(self.slots[slot].need, remaining, self.later[self.level - 1]),
        )
    }

    pub(super) fn take_job(&mut self, row: usize) -> Option<Job> {
        self.slots[row - self.first_row].job.take()
    }

    pub(super) fn put_job(&mut self, row: usize, job: Job) {
        self.slots[row - self.first_row].job = Some(job);
    }
}
