//! What is to be closed, in the order in which it was registered: closed in reverse.

use crate::context::{Close, StepClose};
use crate::plan::{Step, TimeDemand};
use std::borrow::Cow;
use std::time::Duration;

/// Something that was registered to be closed.
pub(crate) struct Entry {
    pub(crate) name: Cow<'static, str>,
    pub(crate) demand: TimeDemand,
    /// The fields of a state, which speak for it; none for what closes in one go.
    pub(crate) fields: &'static [Step],
    pub(crate) is_state: bool,
    pub(crate) close: Close,
}

#[derive(Default)]
pub(crate) struct Stack {
    entries: Vec<(u64, Entry)>,
    last_id: u64,
    over: bool,
}

impl Stack {
    /// Registers it; gives it back where nothing will be closed any more.
    pub(crate) fn push(&mut self, entry: Entry) -> Result<u64, Entry> {
        if self.over {
            return Err(entry);
        }
        self.last_id += 1;
        self.entries.push((self.last_id, entry));
        Ok(self.last_id)
    }

    pub(crate) fn remove(&mut self, id: u64) -> Option<Entry> {
        let at = self.entries.iter().position(|(entry, _)| *entry == id)?;
        Some(self.entries.remove(at).1)
    }

    pub(crate) fn set_limit(&mut self, id: u64, limit: Duration) {
        if let Some((_, entry)) = self.entries.iter_mut().find(|(entry, _)| *entry == id) {
            entry.demand = TimeDemand::limited(limit);
        }
    }

    /// The names of what would be closed now, first to be closed first; of so many entries at most.
    pub(crate) fn names(&self, most: usize) -> Vec<String> {
        let mut names = Vec::new();
        for (_, entry) in self.entries.iter().rev().take(most) {
            if entry.fields.is_empty() && !entry.close.is_nothing() {
                names.push(entry.name.clone().into_owned());
            }
            names.extend(entry.fields.iter().map(|field| field.name().to_owned()));
        }
        names
    }

    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Whether nothing is left; then nothing can be registered any more.
    pub(crate) fn is_over(&mut self) -> bool {
        self.over |= self.entries.is_empty();
        self.over
    }

    /// What the closes would need now.
    pub(crate) fn demands(&self) -> impl Iterator<Item = TimeDemand> {
        self.entries.iter().map(|(_, entry)| entry.demand)
    }

    /// Gives everything back, unclosed; nothing can be registered any more.
    pub(crate) fn abandon(&mut self) -> Vec<(u64, Entry)> {
        self.over = true;
        std::mem::take(&mut self.entries)
    }

    /// Takes everything, last registered first. Where nothing is left, nothing can be registered any more.
    pub(crate) fn take(&mut self) -> Vec<StepClose> {
        self.is_over();
        let entries = std::mem::take(&mut self.entries).into_iter().rev();
        let step = |(order, (_, entry)): (u32, (u64, Entry))| StepClose {
            name: entry.name,
            order: Some(order),
            after: Vec::new(),
            demand: entry.demand,
            is_state: entry.is_state,
            close: entry.close,
        };
        (0..).zip(entries).map(step).collect()
    }

    /// Nothing can be registered any more.
    pub(crate) fn refuse(&mut self) {
        self.over = true;
    }
}
