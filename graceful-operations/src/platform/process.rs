//! How this process was started, as `/proc` on Linux shows it.

use super::warning::Warning;
use std::fs;

const SHELLS: [&str; 7] = ["sh", "bash", "dash", "ash", "busybox", "zsh", "ksh"];

/// Those that ask a process to stop, and their numbers.
const SIGNALS: [(&str, u32); 2] = [("SIGINT", 2), ("SIGTERM", 15)];

/// As in `CMD my-service`, which Docker runs as `sh -c my-service`.
pub(super) fn shell_as_first_process() -> Option<Warning> {
    if parent()? != 1 {
        return None;
    }
    let shell = fs::read_to_string("/proc/1/comm").ok()?;
    let shell = shell.trim();
    SHELLS
        .contains(&shell)
        .then(|| Warning::ShellAsFirstProcess {
            shell: shell.to_owned(),
        })
}

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere there is none")]
fn parent() -> Option<u32> {
    Some(std::os::unix::process::parent_id())
}

#[cfg(not(unix))]
fn parent() -> Option<u32> {
    None
}

/// A mask that was inherited: no handler lifts it.
pub(super) fn blocked_signals() -> Vec<Warning> {
    // Of the calling thread, which has it from who started it. Whoever starts a thread blocks all signals for that moment, so of the
    // main thread it may be seen to.
    let status = fs::read_to_string("/proc/thread-self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigBlk:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    let is_blocked = |number: u32| mask.is_some_and(|mask| mask >> (number - 1) & 1 == 1);
    let blocked = SIGNALS
        .into_iter()
        .filter(|(_, number)| is_blocked(*number));
    blocked
        .map(|(signal, _)| Warning::BlockedSignal { signal })
        .collect()
}
