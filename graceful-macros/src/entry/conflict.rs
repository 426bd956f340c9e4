//! Other attributes that would start a runtime, or make a test, of the same function.

use crate::entry::Kind;
use crate::entry::item::Item;
use crate::error::{Errors, text};
use syn::{Attribute, Path};

/// Crates whose `main` and `test` attributes start a runtime. Others, like `hotpath::main`, only wrap.
const RUNTIMES: [&str; 10] = [
    "graceful",
    "tokio",
    "actix_web",
    "actix_rt",
    "async_std",
    "compio",
    "monoio",
    "ntex",
    "rocket",
    "smol_potat",
];

/// What the attributes above ours have made of the body, by how it begins then.
const EXPANDED: [(&str, &str); 2] = [
    ("letbody=async", "tokio"),
    ("<actix_web::rt::System>", "actix_web"),
];

/// Takes them away, since rustc would complain of what they make of our expansion.
pub(crate) fn remove(item: &mut Item, kind: Kind, crate_path: Option<&Path>, errors: &mut Errors) {
    item.attrs.retain(|attr| {
        let conflicting = starts_runtime(attr, crate_path) || (kind == Kind::Test && is_test(attr));
        if conflicting {
            let name = name(attr.path());
            errors.push(&attr.meta, text::second_attribute(&name, kind));
        }
        !conflicting
    });
}

/// The attribute above ours that has already expanded, and left a function that is not `async`.
pub(crate) fn expanded(item: &Item) -> Option<&'static str> {
    let beginning: String = item
        .body
        .stream()
        .into_iter()
        .take(12)
        .map(|tree| tree.to_string())
        .collect();
    EXPANDED
        .iter()
        .find(|(expected, _)| beginning.starts_with(expected))
        .map(|(_, name)| *name)
}

fn starts_runtime(attr: &Attribute, crate_path: Option<&Path>) -> bool {
    let name = name(attr.path());
    name == "main"
        || match name.rsplit_once("::") {
            Some((owner, "main" | "test")) => {
                RUNTIMES.contains(&owner)
                    || crate_path.is_some_and(|path| self::name(path) == owner)
            }
            _ => name == "rocket::launch",
        }
}

/// `#[test]`, also as `#[core::prelude::v1::test]`.
fn is_test(attr: &Attribute) -> bool {
    let name = name(attr.path());
    matches!(
        name.split("::").collect::<Vec<_>>()[..],
        ["test"] | ["core" | "std", "prelude", _, "test"]
    )
}

/// A path as it is mostly written: without the colons before it.
fn name(path: &Path) -> String {
    path.segments
        .iter()
        .map(|segment| segment.ident.to_string())
        .collect::<Vec<_>>()
        .join("::")
}
