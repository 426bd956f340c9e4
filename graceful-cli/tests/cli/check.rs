//! Every planted mistake is found, where it is, and nothing is found in what is right.

#![cfg(unix)]
#![allow(missing_docs, reason = "a test")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn fixtures(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures")
        .join(folder);
    let mut files: Vec<_> = folder
        .read_dir()
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    files
}

/// In the folder of the fixtures, so that the files are named as a person names them.
fn check(arguments: &[&str], file: &Path) -> Output {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let text = fs::read_to_string(file).unwrap();
    let plan = text
        .lines()
        .find_map(|line| line.strip_prefix("# plan: "))
        .unwrap();
    Command::new(env!("CARGO_BIN_EXE_cargo-graceful"))
        .current_dir(&fixtures)
        .args(["graceful", "check", "--plan", &format!("plans/{plan}.txt")])
        .args(arguments)
        .arg(file.strip_prefix(&fixtures).unwrap())
        .output()
        .unwrap()
}

fn text(output: &[u8]) -> &str {
    std::str::from_utf8(output).unwrap()
}

/// A comment names what is found in the line behind it.
fn planted(file: &Path) -> Vec<(u64, String)> {
    let text = fs::read_to_string(file).unwrap();
    let lines = (2..).zip(text.lines());
    let planted = lines.filter_map(|(next, line)| {
        let rule = line.trim().strip_prefix("# finds: ")?;
        Some((next, rule.to_owned()))
    });
    planted.collect()
}

#[test]
fn every_planted_mistake_is_found_in_its_line() {
    let files = fixtures("wrong");
    assert!(files.len() >= 20);
    for file in files {
        let output = check(&["--format", "json"], &file);
        let name = file.display();
        assert_eq!(
            output.status.code(),
            Some(1),
            "{name}: {}",
            text(&output.stderr)
        );
        let found: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let found: Vec<_> = found.as_array().unwrap().iter().collect();
        let found: Vec<_> = found
            .iter()
            .map(|it| {
                (
                    it["line"].as_u64().unwrap(),
                    it["rule"].as_str().unwrap().to_owned(),
                )
            })
            .collect();
        assert_eq!(found, planted(&file), "{name}");
    }
}

#[test]
fn nothing_is_found_in_what_is_right() {
    for file in fixtures("right") {
        let output = check(&[], &file);
        assert_eq!(text(&output.stdout), "", "{}", file.display());
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    }
}

/// `GRACEFUL_BLESS=1` writes the file anew: read the difference.
#[test]
fn each_finding_says_where_it_is_which_numbers_do_not_fit_and_what_to_write() {
    let mut found = String::new();
    for file in fixtures("wrong") {
        found.push_str(text(&check(&[], &file).stdout));
    }
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/findings.txt");
    if std::env::var_os("GRACEFUL_BLESS").is_some() {
        fs::write(&golden, &found).unwrap();
    }
    assert_eq!(found, fs::read_to_string(golden).unwrap());
}

#[test]
fn a_file_that_can_not_be_read_is_no_finding() {
    let folder = tempfile::tempdir().unwrap();
    for (name, content, words) in [
        ("deploy.yaml", "a: [", "deploy.yaml: "),
        ("notes.txt", "", "no YAML, no unit"),
        ("Dockerfile", "CMD", "Dockerfile: "),
        ("compose.yaml", "services: { a: {}, b: {} }", "`--service`"),
        ("config.yaml", "kind: ConfigMap", "no program in any"),
        ("orders.service", "[Unit]", "no program in any"),
    ] {
        let file = folder.path().join(name);
        fs::write(&file, content).unwrap();
        let plan = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/plans/plain.txt");
        let output = Command::new(env!("CARGO_BIN_EXE_cargo-graceful"))
            .args(["check", "--plan"])
            .args([&plan, &file])
            .output()
            .unwrap();
        let stderr = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{name}: {stderr}");
        assert!(stderr.contains(words), "{stderr}");
    }
}

/// A name that is mistyped in a job of CI would be looked for in vain for ever.
#[test]
fn a_program_that_is_in_none_of_the_files_is_no_program_that_is_right() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let check = |name: &str, files: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_cargo-graceful"))
            .current_dir(&fixtures)
            .args(["check", "--plan", "plans/plain.txt", "--service", name])
            .args(files)
            .output()
            .unwrap();
        let stderr = text(&output.stderr).to_owned();
        (output.status.code(), stderr)
    };
    for files in [
        &["right/kubernetes.yaml"][..],
        &["right/compose.yaml"],
        &["right/kubernetes.yaml", "right/Dockerfile"],
    ] {
        let (code, stderr) = check("odrers", files);
        assert_eq!(code, Some(2), "{stderr}");
        assert!(stderr.contains("`odrers`"), "{stderr}");
        assert_eq!(check("orders", files), (Some(0), String::new()));
    }
}

#[test]
fn a_number_that_is_too_large_is_no_panic() {
    const LARGE: &str = "9223372036854775807";

    let folder = tempfile::tempdir().unwrap();
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let right = fs::read_to_string(fixtures.join("right/kubernetes.yaml")).unwrap();
    let plan = fixtures.join("plans/plain.txt");
    for key in ["seconds", "periodSeconds", "failureThreshold", "replicas"] {
        let lines = right.lines().map(|line| match line.split_once(key) {
            Some((before, _)) if before.ends_with("{ ") => format!("{before}{key}: {LARGE} }}"),
            Some((before, _)) => format!("{before}{key}: {LARGE}"),
            None => line.replace("maxUnavailable: 1", "maxUnavailable: 50%"),
        });
        let lines: Vec<_> = lines.collect();
        let file = folder.path().join(format!("{key}.yaml"));
        fs::write(&file, lines.join("\n")).unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_cargo-graceful"))
            .args(["check", "--plan"])
            .args([&plan, &file])
            .output()
            .unwrap();
        let code = output.status.code();
        assert!(matches!(code, Some(0 | 1)), "{key}: {output:?}");
    }
}
