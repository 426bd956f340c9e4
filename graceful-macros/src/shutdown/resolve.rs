//! From what was written to what is closed: names, orders, and keys that don't fit together.

use crate::error::{Errors, text};
use crate::keys::conflicts;
use crate::shutdown::ast::{self, Source};
use crate::shutdown::keys::{FieldKeys, Target, TypeKeys};
use crate::shutdown::known;
use crate::shutdown::sequence;
use crate::shutdown::state::{Body, Field, How, Kept, LOCKS, State, Step, WRAPPERS};
use crate::tokens::Facade;
use crate::types::{self, is_called, ungrouped};
use proc_macro2::Ident;
use std::collections::HashMap;
use syn::ext::IdentExt;
use syn::{Data, Type};

pub(crate) fn resolve<'a>(source: Source<'a>, errors: &mut Errors) -> State<'a> {
    let Source { item, keys, bodies } = source;
    conflicts::<TypeKeys>(&keys.seen, errors);
    match &item.data {
        Data::Union(data) => errors.push(&data.union_token, text::UNION),
        Data::Enum(_) => {
            if let Some(shared) = &keys.shared {
                errors.push(&shared.key, text::SHARED_ENUM);
            }
        }
        Data::Struct(_) => {}
    }
    let nothing = says_nothing(&keys, &bodies, errors);
    let bodies = bodies.into_iter();
    let bodies = bodies.map(|body| self::body(body, &keys, &item.ident, errors));
    let bodies: Vec<_> = bodies.collect();
    let name = item.ident.unraw().to_string();
    let is_meant = nothing || bodies.iter().any(|body| !body.steps.is_empty());
    if errors.is_empty() && !is_meant {
        errors.push(
            &item.ident,
            &text::nothing_is_closed(&name, &what_to_mark(&bodies)),
        );
    }
    State {
        ident: &item.ident,
        generics: &item.generics,
        name,
        facade: Facade::new(keys.path.as_ref().map(|path| &path.value)),
        budget: keys.timeout,
        shared: keys.shared.is_some(),
        is_enum: !matches!(item.data, Data::Struct(_)),
        bodies,
    }
}

/// What to write where nothing is marked, as well as the names of the fields' types tell.
fn what_to_mark(bodies: &[Body<'_>]) -> String {
    let kept = bodies.iter().flat_map(|body| &body.kept);
    let mut open = kept.filter(|kept| !kept.skip).map(|kept| &kept.field);
    let known = open.find_map(|field| Some((field, known::find(field.ty)?)));
    match known {
        Some((field, found)) => {
            let line = found.field.unwrap_or(found.alone);
            text::marks_of_known(&line, &field.name)
        }
        None => text::MARKS.to_owned(),
    }
}

/// Whether a type says that nothing of it is closed: each field does where it has to.
fn says_nothing(keys: &TypeKeys, bodies: &[ast::Body<'_>], errors: &mut Errors) -> bool {
    let Some(nothing) = &keys.nothing else {
        return keys.exhaustive.is_some();
    };
    let mut fields = bodies.iter().flat_map(|body| &body.fields);
    if let Some(field) = fields.find(|field| field.marked && field.keys.skip.is_none()) {
        let key = Field::new(0, field).key;
        errors.push(&nothing.key, &text::something_is_closed(&key));
    }
    true
}

fn body<'a>(body: ast::Body<'a>, of: &TypeKeys, ident: &Ident, errors: &mut Errors) -> Body<'a> {
    let mut steps: Vec<(Step<'_>, Vec<Target>)> = Vec::new();
    let mut kept = Vec::new();
    let mut names = HashMap::new();
    // Orders count as the discriminants of an enum do.
    let mut next_order = Some(0);
    for (index, written) in body.fields.into_iter().enumerate() {
        let field = Field::new(index, &written);
        check(&written, &field, of, errors);
        let (ty, keys) = (written.ty, written.keys);
        let skip = keys.skip.is_some();
        if !written.marked || skip {
            kept.push(Kept { field, skip });
            continue;
        }
        let how = How::of(&keys);
        if let Some(whole) = holds(ty, ident).filter(|_| how.has_plan()) {
            errors.push(whole, &text::recursive(&whole.to_string()));
        }
        let is_last = keys.last.is_some();
        let order = match (keys.order, &keys.after) {
            // It has no order, and those behind it count on as if it were not there.
            (None, Some(_)) => None,
            _ if is_last => None,
            (order, _) => {
                let order = order.map(|order| order.value).or(next_order);
                if order.is_none() {
                    errors.push(ty, text::ORDER_TOO_LARGE);
                }
                next_order = order.and_then(|order| order.checked_add(1));
                order
            }
        };
        let name = keys.name.map(|name| name.tokens);
        if let Some(taken) = names.insert(field.name.clone(), name.clone()) {
            // Fields differ, so one of the two was written.
            errors.push(&name.or(taken), &text::same_name(&field.name));
        }
        let after = keys.after.map(|after| after.value);
        let step = Step {
            field,
            order,
            is_last,
            force: keys.force.map(|force| force.value),
            at_request: keys.at_request.map(|request| request.value),
            after: Vec::new(),
            timeout: keys.timeout,
            how,
        };
        steps.push((step, after.unwrap_or_default()));
    }
    let name = ident.unraw();
    Body {
        variant: body.variant,
        name: match body.variant {
            Some(variant) => format!("{name}::{}", variant.unraw()),
            None => name.to_string(),
        },
        steps: sequence::arrange(steps, &kept, errors),
        kept,
    }
}

/// Keys that don't fit each other, the whole type, or what the field is.
fn check(written: &ast::Field<'_>, field: &Field<'_>, of: &TypeKeys, errors: &mut Errors) {
    let (ty, keys) = (written.ty, &written.keys);
    conflicts::<FieldKeys>(&keys.seen, errors);
    if let (Some(_), Some(critical)) = (&of.shared, &keys.critical) {
        errors.push(&critical.key, text::SHARED_TASK);
    }
    if let (Some(_), Some(force)) = (&of.shared, &keys.force) {
        let has_its_own = keys.method.is_none() && keys.with.is_none();
        if has_its_own && is_called(ty, &LOCKS) {
            errors.push(&force.key, text::FORCE_OF_LOCK);
        }
    }
    let carrier = known::find(ty).filter(|found| found.last);
    if let (Some(drop), Some(found)) = (&keys.drop, carrier) {
        let line = found.field.unwrap_or(found.alone);
        errors.push(&drop.key, &text::carries_the_log(found.name, &line));
    }
    if of.exhaustive.is_some() && !written.marked {
        errors.push(&field.place(), &text::unmarked(&field.name));
    }
}

/// Where a field's type names the type that the field is in: a plan without an end.
fn holds<'a>(ty: &'a Type, whole: &Ident) -> Option<&'a Ident> {
    match ungrouped(ty) {
        Type::Array(array) => return holds(&array.elem, whole),
        Type::Tuple(tuple) => return tuple.elems.iter().find_map(|ty| holds(ty, whole)),
        _ => {}
    }
    let path = types::path(ty)?;
    let last = path.segments.last()?;
    if path.segments.len() == 1 && (last.ident == "Self" || last.ident == *whole) {
        return Some(&last.ident);
    }
    // The plan of another type need not be that of its parameter.
    let wraps = is_called(ty, &WRAPPERS) || is_called(ty, &["BTreeMap", "HashMap"]);
    types::arguments(last)
        .filter(|_| wraps)
        .find_map(|ty| holds(ty, whole))
}
