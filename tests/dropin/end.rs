//! How one run ended.

use graceful::testing::Ended;
use std::collections::BTreeSet;
use std::fmt;
use std::os::unix::process::ExitStatusExt as _;
use std::time::Duration;

pub(crate) struct End {
    /// The work that was in flight and came to its end.
    pub(crate) finished: BTreeSet<String>,
    /// As a shell has it: 128 + n where the signal n killed it.
    pub(crate) code: i32,
    pub(crate) killed: bool,
    pub(crate) took: Duration,
    pub(crate) stderr: String,
}

impl End {
    pub(crate) fn new(ended: &Ended, answered: bool) -> Self {
        let lines = ended.stdout.lines();
        let finished = lines.filter_map(|line| line.strip_prefix("finished "));
        let answer = answered.then_some("answer");
        let killed_by = ended.status.signal();
        let code = killed_by.map(|signal| 128 + signal);
        Self {
            finished: finished.chain(answer).map(str::to_owned).collect(),
            code: code.or(ended.status.code()).expect("it was reaped"),
            killed: killed_by.is_some(),
            // Of two programs one may have run while the machine stood still.
            took: ended.took.saturating_sub(ended.stood_still),
            stderr: ended.stderr.clone(),
        }
    }
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (finished, code) = (&self.finished, self.code);
        let killed = if self.killed { " (killed)" } else { "" };
        write!(
            f,
            "{finished:?} finished; {code}{killed} after {:.1?}",
            self.took
        )
    }
}
