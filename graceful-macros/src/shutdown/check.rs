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
    for (at, (name, ident)) in seen.iter().enumerate() {
        let earlier = seen.iter().take(at).find(|(earlier, _)| {
            EXCLUSIVE.iter().any(|(key, others)| {
                (*key == name && others.contains(earlier))
                    || (key == earlier && others.contains(&name))
            })
        });
        if let Some((earlier, _)) = earlier {
            errors.push(ident, text::conflict(earlier, name));
        }
    }
}

/// A task that others hold may be taken out and replaced by them, and its end means nothing then.
pub(crate) fn in_shared(seen: &Seen, errors: &mut Errors) {
    if let Some((_, ident)) = seen.iter().find(|(name, _)| *name == "critical") {
        errors.push(ident, text::SHARED_TASK);
    }
}

/// What the fields of an enum are called depends on the variant, which nobody can hold on to.
pub(crate) fn shape(seen: &Seen, data: &Data, errors: &mut Errors) {
    let shared = seen.iter().find(|(name, _)| *name == "shared");
    if let (Data::Enum(_), Some((_, ident))) = (data, shared) {
        errors.push(ident, text::SHARED_ENUM);
    }
}
