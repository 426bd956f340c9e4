//! Keys that exclude each other.

use crate::error::{Errors, text};
use crate::list::Seen;

const EXCLUSIVE: [(&str, &[&str]); 3] = [
    (
        "skip",
        &["order", "timeout", "method", "with", "name", "drop"],
    ),
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
