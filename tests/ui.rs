//! What the compiler says, word for word: of programs that must not compile, and of those that must (and are run).
//!
//! `TRYBUILD=overwrite cargo test -p graceful-tests --test ui` writes the expected texts anew.

use std::ffi::OsStr;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// The texts are this compiler's; another one words its own part differently.
const COMPILER: &str = "rustc 1.95.0 ";

#[test]
fn compiler_answers() {
    if !is_known_compiler() {
        return;
    }
    let cases = trybuild::TestCases::new();
    for theme in themes() {
        let programs = theme.join("*.rs");
        if theme.ends_with("pass") {
            cases.pass(programs);
        } else {
            cases.compile_fail(programs);
        }
    }
}

#[test]
fn every_text_has_its_program_and_every_program_its_text() {
    for theme in themes()
        .into_iter()
        .filter(|theme| !theme.ends_with("pass"))
    {
        assert_eq!(stems(&theme, "rs"), stems(&theme, "stderr"));
    }
}

#[test]
fn texts_of_ours_are_in_rustcs_style() {
    for (program, text) in texts() {
        for message in text.lines().filter_map(|line| line.strip_prefix("error: ")) {
            let starts_well = message.starts_with(|c: char| c.is_lowercase() || c == '`');
            assert!(
                starts_well && !message.ends_with('.'),
                "{program}: {message}"
            );
        }
    }
}

/// Where rustc has to name the macro, the mistake is in none of the user's tokens: two impls of one trait, a bound.
#[test]
fn errors_point_into_the_program() {
    for (program, text) in texts() {
        for error in text
            .split("\n\n")
            .filter(|error| error.contains("this error originates in"))
        {
            let excused = error.starts_with("error[E0119]") || error.starts_with("error[E0277]");
            assert!(excused, "{program}: {error}");
        }
    }
}

#[test]
fn every_expansion_on_file_is_compiled() {
    let program = fs::read_to_string("ui/pass/expansions.rs").unwrap();
    for file in entries(Path::new("../graceful-macros/src/tests/expected")) {
        let name = file.file_name().unwrap().to_str().unwrap();
        assert!(program.contains(&format!("\"{name}\"")), "{name}");
    }
}

/// A user's crate may be of another edition than ours.
#[test]
fn programs_of_former_editions_compile() {
    for edition in ["2018", "2021"] {
        cargo(&["check"], edition, &stems(Path::new("ui/pass"), "rs"));
    }
}

/// Under `rustc` alone these two programs run with the others; here all lints of clippy are on.
#[test]
fn clippy_is_silent() {
    let clippy = Command::new(env!("CARGO"))
        .args(["clippy", "--version"])
        .output();
    if !clippy.is_ok_and(|clippy| clippy.status.success()) {
        println!("skipped: clippy is not installed");
        return;
    }
    if is_known_compiler() {
        let programs = ["ui/pass/lints", "ui/pass/lints_in_macro"];
        cargo(&["clippy"], "2024", &programs.map(PathBuf::from));
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

/// Runs cargo on a package of these programs, which must not make it say anything.
fn cargo(arguments: &[&str], edition: &str, programs: &[PathBuf]) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{}-{edition}", arguments[0]));
    let mut manifest = format!(
        r#"
        [workspace]

        [package]
        name = "programs"
        edition = "{edition}"

        [dependencies]
        graceful-app = {{ path = '{}', features = ["serde", "test-util"] }}
        tokio = {{ version = "1", features = ["macros"] }}
        "#,
        root.join("..").display()
    );
    for program in programs {
        let name = program.file_name().unwrap().to_str().unwrap();
        let path = root.join(program).with_extension("rs");
        let path = path.display();
        writeln!(manifest, "[[bin]]\nname = '{name}'\npath = '{path}'").unwrap();
    }
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    fs::copy(root.join("../Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .args(["--offline", "--quiet", "--message-format=short"])
        .current_dir(&folder)
        // What they depend on is built once for all.
        .env("CARGO_TARGET_DIR", folder.with_file_name("programs"))
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        output.status.success() && said.is_empty(),
        "{edition}: {said}"
    );
}

fn texts() -> impl Iterator<Item = (String, String)> {
    themes()
        .into_iter()
        .flat_map(|theme| stems(&theme, "stderr"))
        .map(|stem| {
            let text = fs::read_to_string(stem.with_extension("stderr")).unwrap();
            (stem.display().to_string(), text)
        })
}

/// Relative to this package, where tests are run.
fn themes() -> Vec<PathBuf> {
    let mut themes = entries(Path::new("ui"));
    themes.sort();
    themes
}

fn stems(theme: &Path, extension: &str) -> Vec<PathBuf> {
    let mut stems: Vec<_> = entries(theme)
        .into_iter()
        .filter(|path| path.extension() == Some(OsStr::new(extension)))
        .map(|path| path.with_extension(""))
        .collect();
    stems.sort();
    stems
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().path()).collect()
}
