//! The platform is looked at as it is.

use crate::LOST;
use graceful::testing::{Ended, Pipe, Program};
use std::os::unix::fs::PermissionsExt as _;

const PROGRAM: &str = env!("CARGO_BIN_EXE_operations");

fn end(program: Program) -> Ended {
    let ended = program.patience(LOST).start().end();
    ended.assert_code(0).assert_stdout(&["that is all"]);
    ended
}

/// The lines behind `warning: `.
fn warnings(ended: &Ended) -> Vec<&str> {
    let lines = ended.stdout.lines();
    lines
        .filter_map(|line| line.strip_prefix("warning: "))
        .collect()
}

#[test]
fn a_good_platform_is_no_matter() {
    let ended = end(Program::new(PROGRAM)
        .arg("platform")
        .env_remove("INVOCATION_ID"));
    assert_eq!(warnings(&ended), [""; 0]);
}

#[test]
fn a_delay_that_is_shorter_than_the_probe_needs_is_named() {
    let ended = end(Program::new(PROGRAM).arg("platform").env("PROBE", "1"));
    let warnings = warnings(&ended);
    assert_eq!(warnings.len(), 1, "{ended}");
    assert!(warnings[0].contains("the delay is 1s") && warnings[0].contains("5s × 3 = 15s"));
    // Long enough by the environment.
    let ended = end(Program::new(PROGRAM)
        .arg("platform")
        .env("PROBE", "1")
        .env("GRACEFUL_DELAY", "15s"));
    assert_eq!(self::warnings(&ended), [""; 0]);
}

/// The shell's `wait` keeps it from becoming the program itself.
#[test]
fn a_shell_as_process_1_is_named() {
    let command = format!("{PROGRAM} platform & wait $!");
    let ended = end(Program::new("unshare")
        .args([
            "--pid",
            "--fork",
            "--mount-proc",
            "--kill-child",
            "sh",
            "-c",
        ])
        .arg(command));
    let warnings = warnings(&ended);
    assert_eq!(warnings.len(), 1, "{ended}");
    assert!(
        warnings[0].contains("process 1 is the shell `sh`"),
        "{ended}"
    );
    // With `exec` it is process 1 itself.
    let ended = end(Program::new("unshare")
        .args([
            "--pid",
            "--fork",
            "--mount-proc",
            "--kill-child",
            "sh",
            "-c",
        ])
        .arg(format!("exec {PROGRAM} platform")));
    assert_eq!(self::warnings(&ended), [""; 0]);
}

#[test]
fn a_signal_that_is_blocked_is_named() {
    let block = "import os, signal, sys; signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM]); \
                 os.execv(sys.argv[1], sys.argv[1:])";
    let ended = end(Program::new("python3").args(["-c", block, PROGRAM, "platform"]));
    let warnings = warnings(&ended);
    assert_eq!(warnings.len(), 1, "{ended}");
    assert!(warnings[0].starts_with("SIGTERM is blocked"), "{ended}");
}

fn said() -> Program {
    let program = Program::new(PROGRAM).arg("platform").env("SAID", "1");
    program.env_remove("INVOCATION_ID")
}

/// Where a subscriber is set for a part of the program alone, the thread that looks has none.
#[test]
fn what_nobody_listens_to_is_on_standard_error() {
    for program in [said(), said().env("SCOPED", "1")] {
        let ended = end(program.env("PROBE", "1"));
        ended.assert_stderr(&["graceful: the delay is 1s"]);
    }
}

/// Whoever starts a thread, as the one that looks, has all signals blocked for that moment.
#[test]
fn a_thread_that_starts_another_has_no_signal_blocked() {
    for _ in 0..40 {
        let ended = end(said());
        assert_eq!(ended.stderr, "", "{ended}");
    }
}

/// A line of a kind that panics then would end a program whose panics do.
#[test]
fn who_warns_does_not_panic_where_nobody_reads() {
    let ended = end(said().env("PROBE", "1").stderr(Pipe::Closed));
    assert!(!ended.stdout.contains("a panic"), "{ended}");
}

/// In the place of systemd a script that answers as `systemctl show` does.
#[test]
fn a_systemd_that_kills_sooner_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let systemctl = folder.path().join("systemctl");
    let answers = "#!/bin/sh\necho '1min 30s'\n";
    std::fs::write(&systemctl, answers).expect("it can be written");
    let executable = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(&systemctl, executable).expect("it can be made to run");
    let cgroup = std::fs::read_to_string("/proc/self/cgroup").unwrap_or_default();
    let path = format!("{}:/usr/bin:/bin", folder.path().display());
    let asked = |timeout| {
        end(Program::new(PROGRAM)
            .arg("platform")
            .env("PATH", &path)
            .env("INVOCATION_ID", "1")
            .env("GRACEFUL_TIMEOUT", timeout))
    };
    // Only what is a service has a unit to be asked for.
    if cgroup.contains(".service") {
        let ended = asked("2m");
        assert!(
            warnings(&ended)[0].contains("the stop may take 120s, but systemd kills"),
            "{ended}"
        );
    } else {
        assert_eq!(warnings(&asked("2m")), [""; 0]);
    }
    assert_eq!(warnings(&asked("80s")), [""; 0]);
}
