//! What is published: seven packages, with their licences, and no crate that nobody needs.

use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

const PUBLISHED: [&str; 7] = [
    "graceful-app",
    "graceful-cli",
    "graceful-clients",
    "graceful-macros",
    "graceful-operations",
    "graceful-runtime",
    "graceful-servers",
];

fn cargo(arguments: &[&str]) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .args(["--offline", "--quiet"])
        .current_dir(root)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {said}");
    String::from_utf8(output.stdout).unwrap()
}

/// What a build of `package` needs, without what only its tests do: `syn v3.0.9`.
fn needed(package: &str, options: &[&str]) -> BTreeSet<String> {
    let tree = ["tree", "--edges", "normal,build", "--prefix", "none"];
    let tree = cargo(&[&tree, ["--package", package].as_slice(), options].concat());
    let crates = tree.lines().map(|line| line.trim_end_matches(" (*)"));
    crates.map(str::to_owned).collect()
}

fn syns(crates: &BTreeSet<String>) -> usize {
    crates.iter().filter(|one| one.starts_with("syn ")).count()
}

/// The macros name what is hidden in the runtime: parts of two releases would not fit.
#[test]
fn the_parts_of_a_release_ask_for_each_other_exactly() {
    let metadata = cargo(&["metadata", "--no-deps", "--format-version", "1"]);
    let metadata: Value = serde_json::from_str(&metadata).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let facade = packages.iter().find(|one| one["name"] == "graceful-app");
    let exactly = format!("={}", facade.unwrap()["version"].as_str().unwrap());
    for part in [
        "graceful-macros",
        "graceful-operations",
        "graceful-runtime",
        "graceful-servers",
    ] {
        let dependencies = facade.unwrap()["dependencies"].as_array().unwrap();
        let asked = dependencies.iter().find(|one| one["name"] == part);
        assert_eq!(asked.unwrap()["req"], exactly.as_str(), "{part}");
    }
}

#[test]
fn the_macros_need_syn_quote_and_proc_macro2_alone() {
    let crates = needed("graceful-macros", &["--depth", "1"]);
    let names: Vec<_> = crates
        .iter()
        .filter_map(|one| one.split(' ').next())
        .collect();
    assert_eq!(names, ["graceful-macros", "proc-macro2", "quote", "syn"]);
}

#[test]
fn a_service_has_one_syn_and_without_the_macros_none() {
    assert_eq!(syns(&needed("graceful-app", &[])), 1);
    assert_eq!(syns(&needed("graceful-app", &["--no-default-features"])), 0);
}

#[test]
fn each_package_has_its_licences() {
    for package in PUBLISHED {
        let files = cargo(&["package", "--list", "--allow-dirty", "--package", package]);
        for licence in ["LICENSE-APACHE", "LICENSE-MIT"] {
            assert!(
                files.lines().any(|file| file == licence),
                "{package}: {files}"
            );
        }
        assert!(!files.contains("target/"), "{package}: {files}");
    }
}
