//! `architecture.md` is the map of the house: each file stands on it, and each looks down alone.

use super::imports::{Sources, circle};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

const PAGE: &str = include_str!("architecture.md");

const PACKAGES: [&str; 6] = [
    "graceful-runtime",
    "graceful-macros",
    "graceful-servers",
    "graceful-clients",
    "graceful-operations",
    "graceful-cli",
];

fn sources(package: &str) -> Sources {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    Sources::read(&root.join(package).join("src"))
}

/// The floors from the top down, each with its heading.
fn floors() -> impl Iterator<Item = &'static str> {
    let (_, files) = PAGE.split_once("\n## The runtime's files\n").unwrap();
    let (files, _) = files.split_once("\n## ").unwrap();
    files.split("\n### ").skip(1)
}

/// The files that a floor names: whole, or from the one folder that its heading names.
fn named(floor: &'static str) -> Vec<String> {
    let (heading, table) = floor.split_once('\n').unwrap();
    let in_ticks = |text: &'static str| text.split('`').skip(1).step_by(2);
    let folders: Vec<_> = in_ticks(heading).filter(|it| it.ends_with('/')).collect();
    let folder = if let [folder] = folders[..] {
        folder
    } else {
        ""
    };
    let files = in_ticks(table).filter(|name| Path::new(name).extension().is_some());
    files.map(|file| format!("{folder}{file}")).collect()
}

/// On which floor each file stands.
fn floor_of_each() -> BTreeMap<String, usize> {
    let floors = floors().enumerate();
    let files =
        floors.flat_map(|(number, floor)| named(floor).into_iter().map(move |it| (it, number)));
    files.collect()
}

#[test]
fn each_member_of_the_workspace_has_its_row() {
    let manifest = include_str!("../Cargo.toml");
    let (_, members) = manifest.split_once("members = [").unwrap();
    let (members, _) = members.split_once(']').unwrap();
    let mut members = members.split('"').skip(1).step_by(2);
    let missing = members.find(|member| !PAGE.contains(&format!("`{member}`")));
    assert_eq!(missing, None);
}

#[test]
fn each_file_of_the_runtime_stands_on_a_floor() {
    let named: BTreeSet<_> = floor_of_each().into_keys().collect();
    let there: BTreeSet<_> = sources("graceful-runtime")
        .files()
        .map(str::to_owned)
        .collect();
    let missing: Vec<_> = there.difference(&named).collect();
    let gone: Vec<_> = named.difference(&there).collect();
    assert!(
        missing.is_empty() && gone.is_empty(),
        "missing {missing:?}, gone {gone:?}"
    );
}

#[test]
fn no_file_of_the_runtime_imports_one_of_a_floor_above_it() {
    let runtime = sources("graceful-runtime");
    let floors = floor_of_each();
    let imports = runtime.imports();
    // It opens all of them to users.
    let below_root = imports.iter().filter(|(file, _)| *file != "lib.rs");
    let pairs = below_root.flat_map(|(file, all)| all.iter().map(move |other| (file, other)));
    let upwards: Vec<_> = pairs
        .filter(|(file, other)| floors.get(*other) < floors.get(*file))
        .collect();
    assert!(upwards.is_empty(), "{upwards:#?}");
    let through_root = runtime.through_root();
    assert!(through_root.is_empty(), "{through_root:#?}");
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    for package in PACKAGES {
        let imports = sources(package).imports();
        let circle = circle(&imports);
        assert!(
            circle.is_none(),
            "{package}: {}",
            circle.unwrap().join(" -> ")
        );
    }
}
