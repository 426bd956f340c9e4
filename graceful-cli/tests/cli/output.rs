//! Nobody takes what is printed: one line says so, and the exit code is not that of a finding.

#![cfg(target_os = "linux")]
#![allow(missing_docs, reason = "a test")]

use std::fs::File;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::{Command, Stdio};

const ENDS: &str = "trap 'exit 0' TERM; while :; do sleep 0.01; done";

/// Each that prints a result.
const COMMANDS: [&[&str]; 5] = [
    &["manifest", "systemd", "--plan", "plans/plain.txt"],
    &[
        "check",
        "--plan",
        "plans/plain.txt",
        "wrong/shell-cmd.Dockerfile",
    ],
    &[
        "check",
        "--plan",
        "plans/plain.txt",
        "--format",
        "json",
        "wrong/shell-cmd.Dockerfile",
    ],
    &["rehearse", "--runs", "plain", "--", "sh", "-c", ENDS],
    &[
        "rehearse", "--runs", "plain", "--format", "json", "--", "sh", "-c", ENDS,
    ],
];

fn full_disk() -> Stdio {
    File::create("/dev/full").unwrap().into()
}

fn reader_gone() -> Stdio {
    let (writer, _) = UnixStream::pair().unwrap();
    OwnedFd::from(writer).into()
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-graceful"));
    command
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures"))
        .args(arguments);
    command
}

#[test]
fn a_result_that_nobody_takes_is_said() {
    for arguments in COMMANDS {
        for (stdout, why) in [
            (full_disk(), "No space left"),
            (reader_gone(), "Broken pipe"),
        ] {
            let mut command = command(arguments);
            let output = command.stdout(stdout).output().unwrap();
            let said = String::from_utf8(output.stderr).unwrap();
            assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
            let begins = said.starts_with("error: the result can't be printed: ");
            assert!(begins && said.contains(why), "{arguments:?}: {said}");
            assert_eq!(said.lines().count(), 1, "{arguments:?}: {said}");
        }
    }
}

#[test]
fn an_error_that_nobody_reads_is_no_panic() {
    for stderr in [full_disk(), reader_gone()] {
        let status = command(&["check", "--plan", "nowhere", "Dockerfile"])
            .stderr(stderr)
            .status();
        assert_eq!(status.unwrap().code(), Some(2));
    }
}
