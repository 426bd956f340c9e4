//! Other attributes that would start a runtime, or make a test, of the same function.

use crate::entry::item::Item;
use crate::error::{Errors, text};
use crate::kind::Kind;
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

/// How a body begins that an attribute above ours has already expanded, without its spaces.
const EXPANDED: [(&str, &str); 3] = [
    ("letbody=async", "tokio"),
    ("<::actix_web::rt::System>", "actix_web"),
    ("<::actix_rt::System>", "actix_rt"),
];

/// Takes them away, since rustc would complain of what they make of our expansion.
pub(crate) fn remove(item: &mut Item, kind: Kind, crate_path: Option<&Path>, errors: &mut Errors) {
    let expanded = expanded(item).is_some();
    item.attrs.retain(|attr| {
        let is_test = kind == Kind::Test && is_test(attr);
        let conflicts = is_test || starts_runtime(attr, crate_path);
        // A `#[test]` by the attribute that has expanded is its second trace, and the first is reported.
        if conflicts && !(is_test && expanded) {
            let name = name(attr.path());
            errors.push(&attr.meta, text::second_attribute(&name, kind));
        }
        !conflicts
    });
}

/// Whose attribute has expanded before ours, and left a function that is not `async`.
pub(crate) fn expanded(item: &Item) -> Option<&'static str> {
    let beginning = item.body.stream().into_iter().take(16);
    let beginning: String = beginning.map(|tree| tree.to_string()).collect();
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
