//! Other attributes that would start a runtime, or make a test, of the same function.

use crate::entry::ast::Function;
use crate::error::{Errors, text};
use crate::kind::Kind;
use crate::tokens::path_name;
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
pub(crate) fn remove(
    function: &mut Function,
    kind: Kind,
    crate_path: Option<&Path>,
    errors: &mut Errors,
) {
    let expanded = expanded(function).is_some();
    function.attrs.retain(|attr| {
        let is_test = kind == Kind::Test && is_test(attr);
        let conflicts = is_test || starts_runtime(attr, crate_path);
        // A `#[test]` by the attribute that has expanded is its second trace, and the first is reported.
        if conflicts && !(is_test && expanded) {
            let (other, ours) = (path_name(attr.path()), kind.attribute());
            let text = if other == ours {
                text::twice(ours)
            } else {
                text::does_the_same(&other, ours)
            };
            errors.push(&attr.meta, &text);
        }
        !conflicts
    });
}

/// Whose attribute has expanded before ours, and left a function that is not `async`.
pub(crate) fn expanded(function: &Function) -> Option<&'static str> {
    let trees = function.body.stream().into_iter().take(16);
    let beginning: String = trees.map(|tree| tree.to_string()).collect();
    let mut all = EXPANDED.iter();
    let found = all.find(|(expected, _)| beginning.starts_with(expected));
    found.map(|(_, name)| *name)
}

fn starts_runtime(attr: &Attribute, crate_path: Option<&Path>) -> bool {
    let name = path_name(attr.path());
    let of_main = name.strip_suffix("::main");
    match of_main.or_else(|| name.strip_suffix("::test")) {
        Some(owner) => {
            RUNTIMES.contains(&owner) || crate_path.is_some_and(|path| path_name(path) == owner)
        }
        None => name == "main" || name == "rocket::launch",
    }
}

/// `#[test]`, also as `#[core::prelude::v1::test]`.
fn is_test(attr: &Attribute) -> bool {
    let name = path_name(attr.path());
    let of_core = name.strip_prefix("core::prelude::");
    let of_prelude = of_core.or_else(|| name.strip_prefix("std::prelude::"));
    let edition = of_prelude.and_then(|rest| rest.strip_suffix("::test"));
    name == "test" || edition.is_some_and(|edition| !edition.contains(':'))
}
