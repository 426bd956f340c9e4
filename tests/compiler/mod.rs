//! What the compiler says, word for word: of programs that must not compile, and of those that must (and are run).
//!
//! `TRYBUILD=overwrite cargo test -p graceful-tests compiler` writes the expected texts anew. How many errors a
//! program deserves is in its last line, and written by hand.

mod bodies;
mod catalogue;
mod features;
mod hygiene;
mod package;
mod programs;
mod rewrite;
mod texts;
mod unstable;

use package::Package;
use programs::{Program, all};
use std::env;
use std::path::Path;
use std::process::Command;

/// The texts are this compiler's; another one words its own part differently.
const COMPILER: &str = "rustc 1.95.0 ";

/// In one run of cargo, since nothing has to be linked.
#[test]
fn programs_with_mistakes() {
    if !is_known_compiler() {
        return;
    }
    let cases = trybuild::TestCases::new();
    for program in all() {
        if program.must_fail() {
            cases.compile_fail(program.path);
        }
    }
}

/// Built, since constants of generic code are evaluated with it: all in one run of cargo. Then each is run.
#[test]
fn programs_that_are_built() {
    let mut package = Package::new("built", "2024");
    for program in passing() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(&program.path);
        package.program(program.name(), &path);
    }
    let folder = package.build();
    for program in passing() {
        let output = Command::new(folder.join(program.name())).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}: {said}", program.name());
    }
}

/// Lints and texts change from one compiler to the next.
fn is_known_compiler() -> bool {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let version = Command::new(rustc).arg("--version").output().unwrap();
    let version = String::from_utf8(version.stdout).unwrap();
    let known = version.starts_with(COMPILER);
    if !known {
        println!("skipped: the texts are of {COMPILER}, this is {version}");
    }
    known
}

/// The programs that must compile.
fn passing() -> impl Iterator<Item = Program> {
    all().into_iter().filter(|program| !program.must_fail())
}
