//! The sequence of the steps: each stands behind those that it waits for.

use crate::error::{Errors, text};
use crate::shutdown::keys::Target;
use crate::shutdown::state::{Kept, Step};
use crate::similar::similar;
use proc_macro2::TokenStream;

/// Sorts the steps of one body, and resolves whom each waits for by name.
pub(crate) fn arrange<'a>(
    steps: Vec<(Step<'a>, Vec<Target>)>,
    kept: &[Kept<'_>],
    errors: &mut Errors,
) -> Vec<Step<'a>> {
    let edges: Vec<_> = (0..steps.len())
        .map(|place| resolve(place, &steps, kept, errors))
        .collect();
    let steps = steps.into_iter().zip(edges).enumerate();
    let turns = steps.map(|(place, ((mut step, _), edges))| {
        step.after = edges.iter().map(|edge| edge.name.clone()).collect();
        Turn { place, step, edges }
    });
    let mut waiting = Waiting(turns.collect());
    waiting.0.sort_by_key(|turn| turn.step.order);
    let mut sorted = Vec::new();
    let last_words = waiting.take_last_words();
    loop {
        while let Some(step) = waiting.next() {
            sorted.push(step);
        }
        if waiting.break_cycle(errors).is_none() {
            sorted.extend(last_words);
            return sorted;
        }
    }
}

/// A step that another one waits for.
struct Edge {
    before: usize,
    /// What it is called in reports.
    name: String,
    /// What says that it is waited for.
    tokens: TokenStream,
}

/// The steps that the one at `place` waits for, in the order of their places.
fn resolve(
    place: usize,
    steps: &[(Step<'_>, Vec<Target>)],
    kept: &[Kept<'_>],
    errors: &mut Errors,
) -> Vec<Edge> {
    let mut edges: Vec<Edge> = Vec::new();
    let Some((step, after)) = steps.get(place) else {
        return edges;
    };
    for Target { field, tokens } in after {
        let mut others = steps.iter().enumerate();
        let found = others.find(|(_, (other, _))| other.field.key == *field);
        let Some((before, (other, _))) = found else {
            errors.push(tokens, &unknown(field, place, steps, kept));
            continue;
        };
        let mistake = match (other.order, step.order) {
            _ if before == place => text::after_itself(field),
            _ if other.is_last => text::after_last(field),
            _ if edges.iter().any(|edge| edge.before == before) => text::duplicate(field),
            (Some(order), Some(own)) if order >= own => text::after_order(field, order, own),
            _ => {
                let edge = Edge {
                    before,
                    name: other.field.name.clone(),
                    tokens: tokens.clone(),
                };
                edges.push(edge);
                continue;
            }
        };
        errors.push(tokens, &mistake);
    }
    edges.sort_by_key(|edge| edge.before);
    edges
}

fn unknown(
    written: &str,
    place: usize,
    steps: &[(Step<'_>, Vec<Target>)],
    kept: &[Kept<'_>],
) -> String {
    if let Some(kept) = kept.iter().find(|kept| kept.field.key == written) {
        return if kept.skip {
            text::after_skipped(written)
        } else {
            text::after_unmarked(written)
        };
    }
    let mut fields = steps.iter().map(|(step, _)| &step.field);
    if let Some(field) = fields.find(|field| field.name == written) {
        return text::after_name_in_reports(written, &field.key);
    }
    let others = steps
        .iter()
        .enumerate()
        .filter(|(other, _)| *other != place);
    let others: Vec<_> = others.map(|(_, (step, _))| &*step.field.key).collect();
    // A number that is close is not what was meant.
    let is_number = written.starts_with(|first: char| first.is_ascii_digit());
    let meant = similar(written, &others).filter(|_| !is_number);
    if others.is_empty() {
        return text::after_lone(written);
    }
    let unknown = text::unknown("field", written, meant, &others);
    match meant {
        Some(_) => unknown,
        None => text::after_cfg(&unknown, written),
    }
}

/// The steps that have no place in the sequence yet: those without an order, and then by their orders.
struct Waiting<'a>(Vec<Turn<'a>>);

struct Turn<'a> {
    place: usize,
    step: Step<'a>,
    edges: Vec<Edge>,
}

impl<'a> Waiting<'a> {
    /// Takes those that close after all others, in the order of their places.
    fn take_last_words(&mut self) -> Vec<Step<'a>> {
        let (last_words, others): (Vec<_>, Vec<_>) = std::mem::take(&mut self.0)
            .into_iter()
            .partition(|turn| turn.step.is_last);
        self.0 = others;
        last_words.into_iter().map(|turn| turn.step).collect()
    }

    fn first_with_order(&self) -> Option<&Turn<'a>> {
        self.0.iter().find(|turn| turn.step.order.is_some())
    }

    /// Takes the next one that waits for no other. One without an order stands close to what it waits for.
    fn next(&mut self) -> Option<Step<'a>> {
        let at = self.0.iter().position(|turn| turn.edges.is_empty())?;
        let lowest = self.first_with_order().and_then(|turn| turn.step.order);
        if self.0.get(at)?.step.order > lowest {
            return None;
        }
        let turn = self.0.remove(at);
        for other in &mut self.0 {
            other.edges.retain(|edge| edge.before != turn.place);
        }
        Some(turn.step)
    }

    /// Reports a cycle, where there is one, and takes one of its edges away: then there is a next step, or another cycle.
    fn break_cycle(&mut self, errors: &mut Errors) -> Option<()> {
        let cycle = self.cycle()?;
        let mut before = *cycle.last()?;
        let mut path = String::new();
        let mut by_order = false;
        let mut edge = None;
        for turn in &cycle {
            path += &turn.step.field.key;
            path += " -> ";
            if turn.edges.iter().any(|edge| edge.before == before.place) {
                edge = edge.max(Some((turn.place, before.place)));
            } else {
                by_order = true;
            }
            before = turn;
        }
        path += &cycle.first()?.step.field.key;
        // Orders alone make no cycle.
        let (place, waited_for) = edge?;
        let turn = self.0.iter_mut().find(|turn| turn.place == place)?;
        let text = if by_order {
            text::cycle_by_order(&path)
        } else {
            text::cycle(&path)
        };
        let at = turn
            .edges
            .iter()
            .position(|edge| edge.before == waited_for)?;
        errors.push(&turn.edges.remove(at).tokens, &text);
        Some(())
    }

    /// Steps each of which waits for the one before it, and the first one for the last.
    fn cycle(&self) -> Option<Vec<&Turn<'a>>> {
        let mut walked = vec![self.0.iter().min_by_key(|turn| turn.place)?];
        let mut cycle = loop {
            let next = self.waited_for_by(walked.last()?)?;
            match walked.iter().position(|turn| turn.place == next.place) {
                Some(begin) => break walked.split_off(begin),
                None => walked.push(next),
            }
        };
        // Walked from who waits to whom it waits for; told in the order of the closes, from the first in the source.
        let places = cycle.iter().map(|turn| turn.place).enumerate();
        let (first, _) = places.min_by_key(|(_, place)| *place)?;
        cycle.rotate_left(first);
        cycle.reverse();
        cycle.rotate_right(1);
        Some(cycle)
    }

    /// One that another waits for, by its name or by its order.
    fn waited_for_by(&self, turn: &Turn<'a>) -> Option<&Turn<'a>> {
        match turn.edges.first() {
            Some(edge) => self.0.iter().find(|other| other.place == edge.before),
            None => self.first_with_order(),
        }
    }
}
