//! Child processes.

use crate::context::Context;
use crate::outcome::Result;
use crate::shutdown::Shutdown;
use std::io;
use std::time::Duration;
use tokio::process::Child;
use tokio::time::timeout_at;

/// What a kill and the wait behind it get of the time that the step has: a tenth,
const KILL_SHARE: u32 = 10;
/// but no more than this, which a busy machine needs to have a process gone.
const KILL_AT_MOST: Duration = Duration::from_millis(500);

/// With the feature `process`: asked to end, with SIGTERM, and waited for; killed where it has not ended shortly before the limit, and waited for
/// again. One that leads a process group of its own is asked and killed with its whole group. On Windows it is killed.
///
/// How it ended stands in the report. To be killed is to fail: what it had to write may be lost. Cut before that, as where the
/// budget was too short, it is killed as well.
impl Shutdown for Child {
    async fn shutdown(self, cx: Context) -> Result {
        let mut ending = Ending {
            child: Some(self),
            cx,
        };
        let outcome = ending.end().await;
        ending.child = None;
        outcome
    }
}

/// Does not leave it behind.
struct Ending {
    child: Option<Child>,
    cx: Context,
}

impl Ending {
    async fn end(&mut self) -> Result {
        let Self {
            child: Some(child),
            cx,
        } = self
        else {
            return Ok(());
        };
        if let Some(status) = child.try_wait()? {
            cx.note(format!("had ended: {status}"));
            return Ok(());
        }
        let time = cx.remaining();
        let kill_at = cx.deadline() - (time / KILL_SHARE).min(KILL_AT_MOST);
        ask(child)?;
        cx.progress("asked to end");
        if let Ok(status) = timeout_at(kill_at, child.wait()).await {
            cx.note(status?.to_string());
            return Ok(());
        }
        kill(child)?;
        cx.progress("killed");
        child.wait().await?;
        Err("it did not end when it was asked to".into())
    }
}

impl Drop for Ending {
    fn drop(&mut self) {
        let Some(mut child) = self.child.take() else {
            return;
        };
        // Nobody is there to be told.
        drop(kill(&mut child));
        self.cx
            .await_after_cut(async move { drop(child.wait().await) });
    }
}

#[cfg(unix)]
fn ask(child: &mut Child) -> io::Result<()> {
    signal(child, rustix::process::Signal::TERM)
}

#[cfg(not(unix))]
fn ask(child: &mut Child) -> io::Result<()> {
    child.start_kill()
}

#[cfg(unix)]
fn kill(child: &mut Child) -> io::Result<()> {
    signal(child, rustix::process::Signal::KILL)
}

#[cfg(not(unix))]
fn kill(child: &mut Child) -> io::Result<()> {
    child.start_kill()
}

/// To the group that the process leads, or to the process alone where it leads none. Until it has been waited for, its number
/// is no other's. (To ask for its group would not do: in a container that can be one from outside, which has no number there.)
#[cfg(unix)]
fn signal(child: &Child, signal: rustix::process::Signal) -> io::Result<()> {
    use rustix::io::Errno;
    use rustix::process::{Pid, kill_process, kill_process_group};

    let id = child.id().and_then(|id| i32::try_from(id).ok());
    let Some(id) = id.and_then(Pid::from_raw) else {
        return Ok(());
    };
    let sent = match kill_process_group(id, signal) {
        Err(Errno::SRCH) => kill_process(id, signal),
        sent => sent,
    };
    match sent {
        // It has ended meanwhile.
        Err(Errno::SRCH) => Ok(()),
        sent => Ok(sent?),
    }
}
