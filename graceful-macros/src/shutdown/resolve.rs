//! From what was written to what is closed: names, orders, and keys that don't fit together.

use crate::error::{Errors, text};
use crate::keys::conflicts;
use crate::shutdown::ast::{self, Field, Source};
use crate::shutdown::keys::{FieldKeys, TypeKeys};
use crate::shutdown::known::{self, Found};
use crate::shutdown::sequence;
use crate::shutdown::state::{Body, LOCKS, State, Step};
use crate::tokens::Facade;
use crate::types::{self, contents, is_called};
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
    let mut open = kept.filter(|field| field.keys.skip.is_none());
    let known = open.find_map(|field| Some((field, known::find(field.ty)?)));
    match known {
        Some((field, found)) => text::marks_of_known(&found.line(), field.name()),
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
        errors.push(&nothing.key, &text::something_is_closed(&field.key));
    }
    true
}

fn body<'a>(body: ast::Body<'a>, of: &TypeKeys, ident: &Ident, errors: &mut Errors) -> Body<'a> {
    let (mut steps, mut kept) = (Vec::new(), Vec::new());
    let mut names = HashMap::new();
    // Orders count as the discriminants of an enum do.
    let mut next_order = Some(0);
    for field in body.fields {
        check(&field, of, errors);
        let keys = &field.keys;
        if !field.marked || keys.skip.is_some() {
            kept.push(field);
            continue;
        }
        let order = match (&keys.order, &keys.after, &keys.last) {
            // It has no order, and those behind it count on as if it were not there.
            (None, Some(_), _) | (.., Some(_)) => None,
            (order, ..) => {
                let order = order.as_ref().map(|order| order.value).or(next_order);
                if order.is_none() {
                    errors.push(field.ty, text::ORDER_TOO_LARGE);
                }
                next_order = order.and_then(|order| order.checked_add(1));
                order
            }
        };
        let name = keys.name.as_ref().map(|name| name.tokens.clone());
        let variable = variable(field.name());
        let entry = (field.name().to_owned(), name.clone());
        if let Some((other, taken)) = names.insert(variable.clone(), entry) {
            if other == field.name() {
                // Fields differ, so one of the two was written.
                errors.push(&name.or(taken), &text::same_name(&other));
            } else if let Some(name) = name.or(taken) {
                let text = text::same_variable(&variable, &other, field.name());
                errors.push(&name, &text);
            }
        }
        let step = Step {
            field,
            order,
            after: Vec::new(),
        };
        if let Some(whole) = holds(step.field.ty, ident).filter(|_| step.has_plan()) {
            errors.push(whole, &text::recursive(&whole.to_string()));
        }
        steps.push(step);
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

/// What the environment calls a field.
fn variable(name: &str) -> String {
    let is_sign = |letter: char| letter.is_ascii() && !letter.is_ascii_alphanumeric();
    name.to_ascii_uppercase().replace(is_sign, "_")
}

/// Keys that don't fit each other, the whole type, or what the field is.
fn check(field: &Field<'_>, of: &TypeKeys, errors: &mut Errors) {
    let (ty, keys) = (field.ty, &field.keys);
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
    let carrier = known::find(ty).filter(Found::is_last);
    if let (Some(drop), Some(found)) = (&keys.drop, carrier) {
        let text = text::carries_the_log(found.name, &found.line());
        errors.push(&drop.key, &text);
    }
    if of.exhaustive.is_some() && !field.marked {
        errors.push(&field.place(), &text::unmarked(field.name()));
    }
}

/// Where a field's type names the type that the field is in: a plan without an end.
fn holds<'a>(ty: &'a Type, whole: &Ident) -> Option<&'a Ident> {
    let segments = types::path(ty).map(|path| &path.segments);
    let name = segments.filter(|segments| segments.len() == 1);
    let name = name.and_then(|segments| Some(&segments.first()?.ident));
    name.filter(|name| *name == "Self" || *name == whole)
        .or_else(|| contents(ty).into_iter().find_map(|ty| holds(ty, whole)))
}
