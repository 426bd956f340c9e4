//! The sequence of the steps: each stands behind those that it waits for.

use crate::error::{Errors, text};
use crate::shutdown::after::Target;
use crate::shutdown::ast::{Kept, Step};
use crate::similar::similar;
use proc_macro2::TokenStream;
use std::collections::{BTreeMap, BTreeSet};

/// Sorts the steps of one body, and resolves whom each waits for by name.
pub(crate) fn arrange<'a>(
    steps: Vec<(Step<'a>, Vec<Target>)>,
    kept: &[Kept<'_>],
    errors: &mut Errors,
) -> Vec<Step<'a>> {
    if steps.iter().all(|(_, after)| after.is_empty()) {
        let mut steps: Vec<_> = steps.into_iter().map(|(step, _)| step).collect();
        steps.sort_by_key(|step| step.order);
        return steps;
    }
    let names = Names::of(&steps, kept);
    let mut waiting = Waiting::default();
    let mut unsorted = BTreeMap::new();
    for (place, (mut step, after)) in steps.into_iter().enumerate() {
        let edges = names.edges(place, &step, after, errors);
        let displayed = edges.keys().filter_map(|place| names.displayed(*place));
        step.after = displayed.collect();
        waiting.0.insert(
            place,
            Turn {
                order: step.order,
                edges,
            },
        );
        unsorted.insert(place, step);
    }
    let mut sorted = Vec::new();
    while let Some(place) = waiting
        .next()
        .or_else(|| waiting.break_cycle(&names, errors))
    {
        sorted.extend(unsorted.remove(&place));
    }
    sorted
}

/// What can be named in an `after`, and what is tried.
struct Names {
    /// The field, its name in reports, its order.
    steps: Vec<(String, String, Option<u32>)>,
    /// The field, and whether it says `skip`.
    kept: Vec<(String, bool)>,
}

impl Names {
    fn of(steps: &[(Step<'_>, Vec<Target>)], kept: &[Kept<'_>]) -> Self {
        let steps = steps.iter().map(|(step, _)| {
            let field = &step.field;
            (field.key(), field.name.clone(), step.order)
        });
        let kept = kept.iter().map(|kept| (kept.field.key(), kept.skip));
        Self {
            steps: steps.collect(),
            kept: kept.collect(),
        }
    }

    fn field(&self, place: usize) -> &str {
        self.steps.get(place).map_or("", |(field, ..)| field)
    }

    fn displayed(&self, place: usize) -> Option<String> {
        self.steps.get(place).map(|(_, name, _)| name.clone())
    }

    /// The steps that one waits for, with the tokens that say so.
    fn edges(
        &self,
        place: usize,
        step: &Step<'_>,
        after: Vec<Target>,
        errors: &mut Errors,
    ) -> BTreeMap<usize, TokenStream> {
        let mut edges = BTreeMap::new();
        for Target { field, tokens } in after {
            let steps = self.steps.iter().enumerate();
            let mut found = steps.filter(|(_, (other, ..))| *other == field);
            let mistake = match (found.next(), step.order) {
                (Some((other, _)), _) if other == place => text::after_itself(&field),
                (Some((other, _)), _) if edges.contains_key(&other) => text::duplicate(&field),
                (Some((_, (.., Some(other)))), Some(own)) if *other >= own => {
                    text::after_order(&field, *other, own)
                }
                (Some((other, _)), _) => {
                    edges.insert(other, tokens);
                    continue;
                }
                (None, _) => self.unknown(place, &field),
            };
            errors.push(tokens, mistake);
        }
        edges
    }

    fn unknown(&self, place: usize, written: &str) -> String {
        if let Some((_, skip)) = self.kept.iter().find(|(field, _)| field == written) {
            return text::after_unclosed(written, *skip);
        }
        if let Some((field, ..)) = self.steps.iter().find(|(_, name, _)| name == written) {
            return text::after_name_in_reports(written, field);
        }
        let steps = self.steps.iter().enumerate();
        let others = steps
            .filter(|(other, _)| *other != place)
            .map(|(_, (field, ..))| &**field);
        // A number that is close is not what was meant.
        let is_number = written.starts_with(|first: char| first.is_ascii_digit());
        let meant = similar(written, others.clone()).filter(|_| !is_number);
        text::unknown_field(written, meant, others)
    }
}

/// The steps that have no place in the sequence yet.
#[derive(Default)]
struct Waiting(BTreeMap<usize, Turn>);

struct Turn {
    order: Option<u32>,
    edges: BTreeMap<usize, TokenStream>,
}

impl Waiting {
    fn lowest_order(&self) -> Option<u32> {
        self.0.values().filter_map(|turn| turn.order).min()
    }

    /// Takes the next one that waits for no other. One without an order stands close to what it waits for.
    fn next(&mut self) -> Option<usize> {
        let lowest = self.lowest_order();
        let free = self.0.iter().filter(|(_, turn)| {
            turn.edges.is_empty() && (turn.order.is_none() || turn.order == lowest)
        });
        let (_, place) = free.map(|(place, turn)| (turn.order, *place)).min()?;
        self.0.remove(&place);
        for turn in self.0.values_mut() {
            turn.edges.remove(&place);
        }
        Some(place)
    }

    /// Reports a cycle, and takes one of its edges away: then there is a next one, or another cycle.
    fn break_cycle(&mut self, names: &Names, errors: &mut Errors) -> Option<usize> {
        loop {
            let cycle = self.cycle()?;
            let fields = cycle.iter().chain(cycle.first());
            let fields: Vec<_> = fields.map(|place| names.field(*place)).collect();
            let mut by_order = false;
            let mut edge = None;
            for (before, place) in cycle.iter().zip(cycle.iter().cycle().skip(1)) {
                let waiting = self.0.get(place);
                if waiting.is_some_and(|turn| turn.edges.contains_key(before)) {
                    edge = edge.max(Some((*place, *before)));
                } else {
                    by_order = true;
                }
            }
            // Orders alone make no cycle.
            let (place, before) = edge?;
            let tokens = self.0.get_mut(&place)?.edges.remove(&before);
            errors.push(tokens, text::cycle(&fields.join(" -> "), by_order));
            if let Some(next) = self.next() {
                return Some(next);
            }
        }
    }

    /// Steps each of which waits for the one before it, and the first one for the last.
    fn cycle(&self) -> Option<Vec<usize>> {
        let lowest = self.lowest_order();
        let first_of_lowest = || {
            let mut turns = self.0.iter();
            turns.find(|(_, turn)| turn.order.is_some() && turn.order == lowest)
        };
        let mut path = Vec::new();
        let mut passed = BTreeSet::new();
        let mut place = *self.0.keys().next()?;
        while passed.insert(place) {
            path.push(place);
            let turn = self.0.get(&place)?;
            place = match turn.edges.keys().next() {
                Some(before) => *before,
                None => *first_of_lowest()?.0,
            };
        }
        let mut cycle: Vec<_> = path
            .into_iter()
            .skip_while(|passed| *passed != place)
            .collect();
        cycle.reverse();
        let first = cycle.iter().enumerate().min_by_key(|(_, place)| **place);
        let first = first.map_or(0, |(at, _)| at);
        cycle.rotate_left(first);
        Some(cycle)
    }
}
