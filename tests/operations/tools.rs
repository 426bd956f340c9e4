//! Programs of others that the tests ask, where they are installed.

use std::io::Write as _;
use std::process::{Command, Stdio};

/// With this variable set to 1 a tool that is not installed is a failure.
const REQUIRE: &str = "GRACEFUL_REQUIRE_SERVERS";

/// Whether this command runs; says that a test is skipped where it does not.
pub(crate) fn has(program: &str, arguments: &[&str]) -> bool {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null());
    command.stdout(Stdio::null()).stderr(Stdio::null());
    if command.status().is_ok_and(|status| status.success()) {
        return true;
    }
    let asked = [&[program], arguments].concat().join(" ");
    let is_required = std::env::var(REQUIRE).is_ok_and(|value| value == "1");
    assert!(!is_required, "`{asked}` fails, and {REQUIRE} is set");
    // Past the capture of the tests' output, so that it is also read where they pass.
    let line = format!("skipped: `{asked}` fails\n");
    let _ = std::io::stderr().write_all(line.as_bytes());
    false
}
