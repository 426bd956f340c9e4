//! Servers that refuse to run as root run as the user that their package has made, and all of them end with their
//! test, also where that is killed.

use rustix::process::geteuid;
use std::ffi::OsStr;
use std::path::Path;
use std::process::Command;

/// Sent to a child when the thread that has started it ends: the test's own.
const ENDS_WITH_ITS_TEST: &str = "--pdeathsig=KILL";

const SETPRIV: &str = "setpriv";

/// Runs a program as this user where we are root, else as who we are.
pub(crate) fn run_as(user: &str, program: &Path) -> Command {
    let mut command = Command::new(SETPRIV);
    if geteuid().is_root() {
        command.arg(format!("--reuid={user}"));
        command.arg(format!("--regid={user}"));
        command.arg("--init-groups");
    }
    command.arg(ENDS_WITH_ITS_TEST).arg(program);
    command
}

/// Ahead of all else, where we may say so. A server has a machine of its own elsewhere. Here it shares two processors with busy loops, and one
/// whose processes each begin a session (`setsid`) is answered for late: Linux schedules sessions as groups.
pub(crate) fn ahead_of_others(command: &Command) -> Command {
    let in_real_time = |program: &OsStr| {
        let mut wrapped = Command::new("chrt");
        wrapped.args(["--rr", "1"]).arg(program);
        wrapped
    };
    let may = in_real_time("true".as_ref()).status();
    let may = may.is_ok_and(|ended| ended.success());
    let mut ahead = if may {
        in_real_time(command.get_program())
    } else {
        Command::new(command.get_program())
    };
    ahead.args(command.get_args());
    ahead
}

/// The same program with the same arguments.
pub(super) fn ends_with_its_test(command: &Command) -> Command {
    let mut wrapped = Command::new(SETPRIV);
    if command.get_program() != SETPRIV {
        wrapped.arg(ENDS_WITH_ITS_TEST).arg(command.get_program());
    }
    wrapped.args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => wrapped.env(name, value),
            None => wrapped.env_remove(name),
        };
    }
    wrapped
}

/// A new folder in this one, which belongs to the user where we are root.
pub(crate) fn give_to(user: &str, folder: &Path, name: &str) -> std::path::PathBuf {
    let folder = folder.join(name);
    let mut install = Command::new("install");
    install.arg("--directory").arg("--mode=700");
    if geteuid().is_root() {
        install.args(["--owner", user, "--group", user]);
    }
    run(install.arg(&folder));
    folder
}

/// To its end, which is to be a good one.
pub(crate) fn run(command: &mut Command) {
    ask(command);
}

/// What it prints until its end, which is to be a good one.
pub(crate) fn ask(command: &mut Command) -> String {
    let output = command.output().expect("it can be started");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {said}");
    String::from_utf8(output.stdout)
        .expect("it is text")
        .trim()
        .to_owned()
}
