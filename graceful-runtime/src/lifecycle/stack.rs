//! What is to be closed, in the order in which it was registered: closed in reverse. Beside that the last words, which
//! are closed when everything else has been said.

use crate::context::{Close, Moments, StepClose};
use crate::plan::{Step, TimeDemand};
use std::borrow::Cow;
use std::collections::BTreeMap;
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
    /// By their numbers, in the order in which they came. A map: tens of thousands may be taken back, the first ones first.
    entries: BTreeMap<u64, Entry>,
    /// Registered as such.
    last_words: BTreeMap<u64, Entry>,
    /// What states were made of whose closes have been taken.
    moments: Moments,
    last_id: u64,
    /// Nothing can be registered any more.
    over: bool,
}

impl Stack {
    /// Registers it; gives it back where nothing will be closed any more.
    pub(crate) fn push(&mut self, entry: Entry) -> Result<u64, Box<Entry>> {
        let Some(id) = self.next_id() else {
            return Err(Box::new(entry));
        };
        self.entries.insert(id, entry);
        Ok(id)
    }

    /// The same for a last word.
    pub(crate) fn push_last_word(&mut self, entry: Entry) -> Result<u64, Box<Entry>> {
        let Some(id) = self.next_id() else {
            return Err(Box::new(entry));
        };
        self.last_words.insert(id, entry);
        Ok(id)
    }

    /// None where nothing can be registered any more.
    fn next_id(&mut self) -> Option<u64> {
        if self.over {
            return None;
        }
        self.last_id += 1;
        Some(self.last_id)
    }

    pub(crate) fn remove(&mut self, id: u64) -> Option<Entry> {
        let entry = self.entries.remove(&id);
        entry.or_else(|| self.last_words.remove(&id))
    }

    pub(crate) fn set_limit(&mut self, id: u64, limit: Duration) {
        let entry = self.entries.get_mut(&id);
        if let Some(entry) = entry.or_else(|| self.last_words.get_mut(&id)) {
            entry.demand = TimeDemand::limited(limit);
        }
    }

    /// The names of what would be closed now, first to be closed first; of so many entries at most.
    pub(crate) fn names(&self, most: usize) -> Vec<String> {
        let mut names = Vec::new();
        for entry in self.entries.values().rev().take(most) {
            if entry.fields.is_empty() && !entry.close.is_nothing() {
                names.push(entry.name.clone().into_owned());
            }
            let in_turn = entry.fields.iter().filter(|field| !field.is_last());
            names.extend(in_turn.map(|field| field.name().to_owned()));
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
        self.entries.values().map(|entry| entry.demand)
    }

    /// Gives everything back, unclosed; nothing can be registered any more.
    pub(crate) fn abandon(&mut self) -> BTreeMap<u64, Entry> {
        self.over = true;
        let mut all = std::mem::take(&mut self.entries);
        all.append(&mut self.last_words);
        all
    }

    /// Takes everything, last registered first. Where nothing is left, nothing can be registered any more.
    pub(crate) fn take(&mut self) -> Vec<StepClose> {
        self.is_over();
        self.collect_moments();
        in_reverse(std::mem::take(&mut self.entries))
    }

    /// Whether something is to be closed when everything else has been said.
    pub(crate) fn has_last_words(&self) -> bool {
        let mut entries = self.entries.values();
        !self.last_words.is_empty()
            || !self.moments.last_words.is_empty()
            || entries.any(|entry| {
                entry.close.has_last_words() || entry.fields.iter().any(holds_last_words)
            })
    }

    /// Takes the last words: those of states, the last registered first, and then those registered as such.
    pub(crate) fn take_last_words(&mut self) -> Vec<StepClose> {
        self.collect_moments();
        let mut words = std::mem::take(&mut self.moments.last_words);
        words.extend(in_reverse(std::mem::take(&mut self.last_words)));
        words
    }

    /// Takes what is to be done at the request.
    pub(crate) fn take_at_request(&mut self) -> Vec<StepClose> {
        self.collect_moments();
        std::mem::take(&mut self.moments.at_request)
    }

    fn collect_moments(&mut self) {
        for entry in self.entries.values_mut().rev() {
            self.moments.add(entry.close.take_moments());
        }
    }

    /// Nothing can be registered any more.
    pub(crate) fn refuse(&mut self) {
        self.over = true;
    }
}

/// One after the other, the last one first.
fn in_reverse(entries: BTreeMap<u64, Entry>) -> Vec<StepClose> {
    let step = |(order, entry): (u32, Entry)| StepClose {
        name: entry.name,
        order: Some(order),
        after: Vec::new(),
        demand: entry.demand,
        is_state: entry.is_state,
        close: entry.close,
    };
    (0..).zip(entries.into_values().rev()).map(step).collect()
}

fn holds_last_words(field: &Step) -> bool {
    field.is_last() || field.get_plan().has_last_words()
}
