//! Signals as whoever started the process has left them: read once, before a handler is installed.

use crate::log::to_stderr;
use crate::reason::Signal;

/// What the kernel says of the calling thread; its sets have a bit for each signal, the first one for number 1.
struct Inherited {
    ignored: u64,
    blocked: u64,
}

/// Those of `signals` that are to be listened to. SIGHUP that is ignored stays so: whoever started the process under
/// `nohup` wants it to outlive the terminal. Of one that is blocked nobody would ever hear, which is said.
pub(crate) fn listened_to(signals: &[Signal]) -> Vec<Signal> {
    let Some(inherited) = Inherited::read() else {
        return signals.to_vec();
    };
    let mut listened_to = Vec::new();
    for &signal in signals {
        if signal == Signal::Hangup && has(inherited.ignored, signal) {
            continue;
        }
        if has(inherited.blocked, signal) {
            to_stderr(&format!(
                "{signal} is blocked by whoever started this process, and will not be heard: \
                 start it with that signal unblocked"
            ));
        }
        listened_to.push(signal);
    }
    listened_to
}

fn has(set: u64, signal: Signal) -> bool {
    set >> (signal.number() - 1) & 1 == 1
}

impl Inherited {
    /// None where the kernel does not say so in a file. To ask it by a call would take code that is `unsafe`.
    #[cfg(target_os = "linux")]
    fn read() -> Option<Self> {
        let status = std::fs::read_to_string("/proc/thread-self/status").ok()?;
        let set = |name: &str| {
            let mut lines = status.lines();
            let set = lines.find_map(|line| line.strip_prefix(name))?;
            u64::from_str_radix(set.trim(), 16).ok()
        };
        Some(Self {
            ignored: set("SigIgn:")?,
            blocked: set("SigBlk:")?,
        })
    }

    #[cfg(not(target_os = "linux"))]
    fn read() -> Option<Self> {
        None
    }
}
