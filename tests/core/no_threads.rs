//! No thread is to be had any more, after the start: every field has its turn, and the report is written.

#![cfg(target_os = "linux")]

use crate::ms;
use crate::program::{Ended, LOST, Program};
use graceful::Signal;
use graceful::testing::Process;
use std::ffi::OsStr;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::Command;
use std::thread::sleep;
use std::time::Instant;
use tempfile::TempDir;

on_each_flavor!(
    a_close_that_blocks_leaves_the_next_its_turn,
    a_second_signal_has_its_report,
    a_hook_that_blocks_holds_up_no_end,
    a_second_signal_waits_for_no_hook_that_blocks,
    a_hook_that_blocks_holds_up_no_end_where_no_thread_ever_was_to_be_had,
    a_service_in_a_host_closes,
);

/// A user who has nothing else: the limit counts the threads of all of a user's processes, and holds for
/// nobody who is root.
const NOBODY: [&str; 5] = ["--reuid", "61987", "--regid", "61987", "--clear-groups"];

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output();
    id.expect("it is there").stdout == b"0\n"
}

/// A command of somebody for whom the limit holds.
fn not_as_root(program: impl AsRef<OsStr>) -> Command {
    let mut command = if is_root() {
        let mut command = Command::new("setpriv");
        command.args(NOBODY).arg(program);
        command
    } else {
        Command::new(program)
    };
    command.current_dir("/");
    command
}

/// Where everybody may run it: not everybody may look into the folder of the build.
fn for_everybody() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder is to be had");
    let everybody = Permissions::from_mode(0o755);
    fs::set_permissions(folder.path(), everybody).expect("it is ours");
    let program = folder.path().join("core-limits");
    // By another process: a test beside this one that forks while the copy is open here would keep it open, and no file is
    // executed that somebody writes to.
    let mut copy = Command::new("cp");
    copy.arg(env!("CARGO_BIN_EXE_core-limits")).arg(&program);
    assert!(copy.status().expect("it is there").success());
    (folder, program)
}

/// Starts it, and then sets the limit to less than what there is.
fn with_no_thread_left(flavor: &str, case: &str) -> (TempDir, Process) {
    let (folder, process) = ready(flavor, case);
    let id = process.id().to_string();
    until_settled(&id);
    leave_no_thread(&id);
    (folder, process)
}

fn ready(flavor: &str, case: &str) -> (TempDir, Process) {
    let (folder, program) = for_everybody();
    let command = not_as_root(program);
    let mut process = Program::of(command, flavor, case).start();
    process.wait_for_line("ready");
    (folder, process)
}

fn leave_no_thread(id: &str) {
    let limited = not_as_root("prlimit")
        .args(["--pid", id, "--nproc=1:1"])
        .status();
    assert!(limited.expect("it is there").success());
}

/// Returns once the two threads are there that are started ahead of a stop.
fn until_settled(id: &str) {
    let began = Instant::now();
    let has_both = || {
        let threads = fs::read_dir(format!("/proc/{id}/task")).expect("it runs");
        let names = threads.filter_map(|thread| {
            // It may have ended meanwhile.
            fs::read_to_string(thread.ok()?.path().join("comm")).ok()
        });
        let names: Vec<String> = names.collect();
        let is_there = |name: &str| names.iter().any(|it| it.trim_end() == name);
        is_there("graceful-closin") && is_there("graceful-log")
    };
    while !has_both() {
        assert!(began.elapsed() < LOST, "it does not get ready for its stop");
        sleep(ms(1));
    }
}

fn a_close_that_blocks_leaves_the_next_its_turn(flavor: &str) {
    let (_folder, mut process) = with_no_thread_left(flavor, "a close blocks past its limit");
    let ended = Ended(process.signal(Signal::Terminate).end());
    ended
        .code(1)
        .said("closed db")
        .reported(&["file", "timed out"])
        .within(ms(1500));
}

fn a_second_signal_has_its_report(flavor: &str) {
    let (_folder, mut process) = with_no_thread_left(flavor, "a close blocks within its limit");
    process.signal(Signal::Terminate);
    process.wait_for_stderr("stopping after SIGTERM");
    let ended = Ended(process.after(ms(400)).signal(Signal::Terminate).end());
    ended
        .code(143)
        .reported(&["forced by a second signal"])
        .reported(&["file"])
        .within(ms(500 + 500));
}

/// It has no thread of its own, and runs on none that the end needs.
fn a_hook_that_blocks_holds_up_no_end(flavor: &str) {
    let (_folder, mut process) = with_no_thread_left(flavor, "a hook never returns");
    let ended = Ended(process.signal(Signal::Terminate).end());
    ended
        .code(0)
        .said("closed db")
        .said("last word")
        .within(ms(2000));
}

fn a_second_signal_waits_for_no_hook_that_blocks(flavor: &str) {
    let (_folder, mut process) = with_no_thread_left(flavor, "a close and a hook never return");
    process.signal(Signal::Terminate);
    process.wait_for_stderr("stopping after SIGTERM");
    let ended = Ended(process.after(ms(400)).signal(Signal::Terminate).end());
    // On a busy machine the close has got the main thread, and then the last word has none.
    ended.code(143).within(ms(400 + 2000));
}

/// As in a container that is at its limit when the process starts: not even the log has a thread.
fn a_hook_that_blocks_holds_up_no_end_where_no_thread_ever_was_to_be_had(flavor: &str) {
    // The threads of a user who has others besides can't be told from theirs.
    if !is_root() {
        return;
    }
    // The main thread, the supervisor, and two workers. Each has a user of its own.
    let (nproc, user) = match flavor {
        "multi_thread" => ("--nproc=4:4", "61988"),
        _ => ("--nproc=2:2", "61989"),
    };
    let (_folder, program) = for_everybody();
    let mut command = Command::new("setpriv");
    command.args(["--reuid", user, "--regid", user, "--clear-groups"]);
    command
        .args(["prlimit", nproc])
        .arg(program)
        .current_dir("/");
    let case = "a hook never returns, and nothing is started";
    let program = Program::of(command, flavor, case).budget(ms(2000));
    let mut process = program.start();
    process.wait_for_line("ready");
    let ended = Ended(process.signal(Signal::Terminate).end());
    ended.said("closed db").within(ms(2000));
}

/// Its closes have no thread of their own, and neither has who closes them.
fn a_service_in_a_host_closes(flavor: &str) {
    let (_folder, mut process) = ready(flavor, "a host stops its service");
    leave_no_thread(&process.id().to_string());
    let ended = Ended(process.signal(Signal::Terminate).end());
    ended.code(1).said("closed db");
    let cut = ended.stdout.lines().any(|line| line.contains("timed out"));
    assert!(cut, "{}", *ended);
}
