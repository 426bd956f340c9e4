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
    for (at, (name, ident)) in seen.0.iter().enumerate() {
        let mut earlier = seen.0.iter().take(at);
        if let Some((earlier, _)) = earlier.find(|(earlier, _)| exclude(earlier, name)) {
            errors.push(ident, &text::conflict(earlier, name));
        }
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
