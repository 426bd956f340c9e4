//! Keys that exclude each other, and keys that don't fit the type.

use crate::error::{Errors, text};
use crate::list::Seen;
use syn::Data;

const EXCLUSIVE: [(&str, &[&str]); 4] = [
    (
        "skip",
        &[
            "order", "after", "timeout", "method", "with", "name", "drop", "critical",
        ],
    ),
    ("critical", &["method", "with", "drop"]),
    ("drop", &["method", "with"]),
    ("method", &["with"]),
];

pub(crate) fn conflicts(seen: &Seen, errors: &mut Errors) {
    let mut earlier: Vec<&str> = Vec::new();
    for (name, ident) in &seen.0 {
        if let Some(other) = earlier.iter().find(|other| exclude(other, name)) {
            errors.push(ident, &text::conflict(other, name));
        }
        earlier.push(name);
    }
}

fn exclude(one: &str, other: &str) -> bool {
    EXCLUSIVE.iter().any(|(key, others)| {
        (*key == one && others.contains(&other)) || (*key == other && others.contains(&one))
    })
}

/// A task that others hold may be taken out and replaced by them, and its end means nothing then.
pub(crate) fn in_shared(seen: &Seen, errors: &mut Errors) {
    if let Some(ident) = seen.find("critical") {
        errors.push(ident, text::SHARED_TASK);
    }
}

/// What the fields of an enum are called depends on the variant, which nobody can hold on to.
pub(crate) fn shape(seen: &Seen, data: &Data, errors: &mut Errors) {
    if let (Data::Enum(_), Some(ident)) = (data, seen.find("shared")) {
        errors.push(ident, text::SHARED_ENUM);
    }
}
