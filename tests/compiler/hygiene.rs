//! The programs that compile do so in any crate: whatever its edition, its names, its lints, and what it calls us.

use crate::compiler::package::Package;
use crate::compiler::passing;
use crate::compiler::programs::Program;
use crate::compiler::rewrite;
use serde_json::Value;
use std::path::Path;
use std::process::Command;

/// How the compiler names those of our macros that the programs use.
const OURS: [&str; 4] = [
    "Shutdown",
    "graceful::main",
    "graceful::test",
    "renamed::main",
];

/// `include!` knows its file by its path, and what is in it is written by us.
const EXPANSIONS: &str = "expansions";

#[test]
fn in_former_editions() {
    for edition in ["2018", "2021"] {
        let mut package = Package::new(&format!("edition-{edition}"), edition);
        for program in passing() {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(&program.path);
            package.program(program.name(), &path);
        }
        package.must_be_silent();
    }
}

/// `#[tokio::main]` and `#[tracing::instrument]`, which some of them use too, do not.
#[test]
fn without_a_prelude_and_with_modules_called_like_ours() {
    let fits = |program: &Program| {
        program.name() != "no_implicit_prelude" && !uses_other_attributes(&program.source())
    };
    rewritten("bare", "2018", fits, rewrite::without_prelude);
}

#[test]
fn with_other_things_by_the_names_of_the_prelude() {
    // Which has shadows of its own.
    let fits = |program: &Program| {
        program.name() != "shadowed_prelude" && program.name() != "main_as_written"
    };
    rewritten("shadowed", "2021", fits, rewrite::with_shadows);
}

#[test]
fn from_inside_a_macro() {
    rewritten("in-macro", "2024", |_| true, rewrite::inside_macro);
}

#[test]
fn where_the_crate_has_another_name() {
    let mut package = Package::renamed("renamed", "2024", "renamed");
    // One of them is about names of ours alone.
    for program in rewritable().filter(|program| program.name() != "crate_path") {
        package.text(
            program.name(),
            &rewrite::renamed(&program.source(), "renamed"),
        );
    }
    package.must_be_silent();
}

/// A manifest may give any crate that name.
#[test]
fn where_core_is_another_crate() {
    let mut package = Package::new("no-core", "2024");
    package.depends_on(r#"core = { package = "cfg-if", version = "1" }"#);
    // Some of them write `core` themselves, or `#[tokio::main]`, which does.
    let fits = |source: &String| !source.contains("core::") && !uses_other_attributes(source);
    let sources = rewritable().map(|program| (program.source(), program));
    for (source, program) in sources.filter(|(source, _)| fits(source)) {
        package.text(program.name(), &source);
    }
    package.must_be_silent();
}

/// What a user would be told of code that he did not write.
#[test]
fn under_every_lint_of_clippy() {
    if !has_clippy() {
        println!("skipped: clippy is not installed");
        return;
    }
    let mut package = Package::new("clippy", "2024");
    package.lints("clippy", &["all", "pedantic", "nursery", "restriction"]);
    for program in passing() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(&program.path);
        package.program(program.name(), &path);
    }
    // What a program denies would keep others from being looked for.
    let arguments = ["clippy", "--", "--cap-lints=warn"];
    let messages = package.messages(&arguments);
    // Their own code is not written for that, which shows that the lints are on.
    let is_restriction = |message: &Value| message["code"]["code"] == "clippy::implicit_return";
    assert!(messages.iter().any(|(_, message)| is_restriction(message)));
    let found: Vec<_> = messages
        .iter()
        .filter(|(program, message)| program.starts_with("lints") || is_of_expansion(message))
        .map(|(program, message)| format!("{program}: {}", message["rendered"]))
        .collect();
    assert!(found.is_empty(), "{found:#?}");
}

/// What a later compiler may say of what is written today.
#[test]
#[ignore = "needs a nightly compiler, and 18 s"]
fn under_the_lints_to_come() {
    let nightly = Command::new("rustup")
        .args(["which", "--toolchain", "nightly", "rustc"])
        .output()
        .unwrap();
    let nightly = String::from_utf8(nightly.stdout).unwrap();
    let mut package = Package::new("nightly", "2024")
        .with("RUSTC", nightly.trim())
        .with("RUSTFLAGS", "-Wunused -Wfuture-incompatible");
    for program in passing() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(&program.path);
        package.program(program.name(), &path);
    }
    package.must_be_silent();
}

fn rewritten(name: &str, edition: &str, fits: fn(&Program) -> bool, rewrite: fn(&str) -> String) {
    let mut package = Package::new(name, edition);
    for program in rewritable().filter(fits) {
        package.text(program.name(), &rewrite(&program.source()));
    }
    package.must_be_silent();
}

fn rewritable() -> impl Iterator<Item = Program> {
    passing().filter(|program| program.name() != EXPANSIONS)
}

/// Those of other macros, whose expansions may not be as careful.
fn uses_other_attributes(source: &str) -> bool {
    ["#[tokio::main", "#[tracing::"]
        .iter()
        .any(|attribute| source.contains(attribute))
}

fn has_clippy() -> bool {
    let clippy = Command::new(env!("CARGO"))
        .args(["clippy", "--version"])
        .output();
    clippy.is_ok_and(|clippy| clippy.status.success())
}

/// Whether it points to what a macro of ours wrote.
fn is_of_expansion(message: &Value) -> bool {
    let spans = message["spans"].as_array().unwrap();
    spans.iter().any(|span| {
        let mut expansion = &span["expansion"];
        while let Some(name) = expansion["macro_decl_name"].as_str() {
            let is_procedural = name.starts_with("#[");
            if is_procedural && OURS.iter().any(|ours| name.contains(ours)) {
                return true;
            }
            expansion = &expansion["span"]["expansion"];
        }
        false
    })
}
