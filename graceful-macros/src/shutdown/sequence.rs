//! The sequence of the steps: each stands behind those that it waits for.

use crate::error::{Errors, text};
use crate::shutdown::ast::Field;
use crate::shutdown::keys::Target;
use crate::shutdown::state::Step;
use crate::similar::similar;
use proc_macro2::TokenStream;

/// A step that has no place in the sequence yet.
struct Turn<'a> {
    /// In the source.
    place: usize,
    step: Step<'a>,
    edges: Vec<Edge>,
}

/// Sorts the steps of one body, and resolves whom each waits for by name.
pub(crate) fn arrange<'a>(
    steps: Vec<Step<'a>>,
    kept: &[Field<'_>],
    errors: &mut Errors,
) -> Vec<Step<'a>> {
    let edges = steps.iter().enumerate();
    let edges = edges.map(|(place, step)| resolve(place, step, &steps, kept, errors));
    let edges: Vec<_> = edges.collect();
    let turns = steps.into_iter().zip(edges).enumerate();
    let turns = turns.map(|(place, (mut step, edges))| {
        step.after = edges.iter().map(|edge| edge.name.clone()).collect();
        Turn { place, step, edges }
    });
    let mut waiting: Vec<_> = turns.collect();
    // Those without an order first, to stand close to what they wait for.
    waiting.sort_by_key(|turn| (turn.step.is_last(), turn.step.order));
    let mut sorted = Vec::new();
    loop {
        while let Some(step) = next(&mut waiting) {
            sorted.push(step);
        }
        if break_cycle(&mut waiting, errors).is_none() {
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
    step: &Step<'_>,
    steps: &[Step<'_>],
    kept: &[Field<'_>],
    errors: &mut Errors,
) -> Vec<Edge> {
    let mut edges: Vec<Edge> = Vec::new();
    let after = step.field.keys.after.iter();
    for Target { field, tokens } in after.flat_map(|after| &after.value) {
        let mut others = steps.iter().enumerate();
        let Some((before, other)) = others.find(|(_, other)| other.field.key == *field) else {
            errors.push(tokens, &unknown(field, &step.field.key, steps, kept));
            continue;
        };
        let mistake = match (other.order, step.order) {
            _ if before == place => text::after_itself(field),
            _ if other.is_last() => text::after_last(field),
            _ if edges.iter().any(|edge| edge.before == before) => text::duplicate(field),
            (Some(order), Some(own)) if order >= own => {
                text::after_order(field, &order.to_string(), &own.to_string())
            }
            _ => {
                let edge = Edge {
                    before,
                    name: other.field.name().to_owned(),
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

/// Of a name that no step has; `own` is that of the step which it stands on.
fn unknown(written: &str, own: &str, steps: &[Step<'_>], kept: &[Field<'_>]) -> String {
    if let Some(field) = kept.iter().find(|field| field.key == written) {
        return if field.keys.skip.is_some() {
            text::after_skipped(written)
        } else {
            text::after_unmarked(written)
        };
    }
    let fields = steps.iter().map(|step| &step.field);
    if let Some(field) = fields.clone().find(|field| field.name() == written) {
        return text::after_name_in_reports(written, &field.key);
    }
    let others = fields.map(|field| &*field.key).filter(|key| *key != own);
    let others: Vec<_> = others.collect();
    if others.is_empty() {
        return text::after_lone(written);
    }
    // A number that is close is not what was meant.
    let is_number = written.starts_with(|first: char| first.is_ascii_digit());
    let meant = similar(written, &others).filter(|_| !is_number);
    let unknown = text::unknown("field", written, meant, &others);
    match meant {
        Some(_) => unknown,
        None => text::after_cfg(&unknown, written),
    }
}

/// Takes the next step that waits for no other.
fn next<'a>(waiting: &mut Vec<Turn<'a>>) -> Option<Step<'a>> {
    let at = waiting.iter().position(|turn| turn.edges.is_empty())?;
    let lowest = first_with_order(waiting).and_then(|turn| turn.step.order);
    if waiting.get(at)?.step.order > lowest {
        return None;
    }
    let turn = waiting.remove(at);
    for other in waiting {
        other.edges.retain(|edge| edge.before != turn.place);
    }
    Some(turn.step)
}

fn first_with_order<'w, 'a>(waiting: &'w [Turn<'a>]) -> Option<&'w Turn<'a>> {
    waiting.iter().find(|turn| turn.step.order.is_some())
}

/// Reports a cycle, where there is one, and takes one of its edges away: then there is a next step, or another cycle.
fn break_cycle(waiting: &mut [Turn<'_>], errors: &mut Errors) -> Option<()> {
    let cycle = cycle(waiting)?;
    let first = cycle.iter().map(|(turn, _)| turn.place).min()?;
    // Walked from who waits to whom it waits for; told in the order of the closes, from the first in the source.
    let told = cycle.iter().rev().cycle();
    let told = told.skip_while(|(turn, _)| turn.place != first);
    let told = told.map(|(turn, _)| &*turn.step.field.key);
    let path: Vec<_> = told.take(cycle.len() + 1).collect();
    let path = path.join(" -> ");
    let text = if cycle.iter().any(|(_, edge)| edge.is_none()) {
        text::cycle_by_order(&path)
    } else {
        text::cycle(&path)
    };
    // Orders alone make no cycle.
    let named = cycle
        .iter()
        .filter_map(|(turn, edge)| Some((turn.place, (*edge)?)));
    let (place, edge) = named.max_by_key(|(place, _)| *place)?;
    errors.push(&edge.tokens, &text);
    let before = edge.before;
    let turn = waiting.iter_mut().find(|turn| turn.place == place)?;
    turn.edges.retain(|edge| edge.before != before);
    Some(())
}

/// Steps each of which waits for the next one, and the last one for the first: by a name, or else by its order.
fn cycle<'w, 'a>(waiting: &'w [Turn<'a>]) -> Option<Vec<(&'w Turn<'a>, Option<&'w Edge>)>> {
    let mut walked: Vec<(&Turn<'a>, _)> = Vec::new();
    let mut turn = waiting.iter().min_by_key(|turn| turn.place)?;
    loop {
        let is_here = |(walked, _): &(&Turn<'a>, _)| walked.place == turn.place;
        if let Some(begin) = walked.iter().position(is_here) {
            return Some(walked.split_off(begin));
        }
        let edge = turn.edges.first();
        walked.push((turn, edge));
        turn = match edge {
            Some(edge) => waiting.iter().find(|other| other.place == edge.before)?,
            None => first_with_order(waiting)?,
        };
    }
}
