//! What goes wrong, or right.

use crate::say;
use graceful::{Context, Result};
use std::future::pending;
use std::io::Write as _;
use std::time::Duration;

/// Longer than anything here may take.
pub(crate) const FOR_EVER: Duration = Duration::from_secs(90);

/// Does what the case says, and says so under this name.
pub(crate) async fn act(name: &str, case: &str) -> Result {
    match case {
        "hangs" => pending::<()>().await,
        "blocks" => std::thread::sleep(FOR_EVER),
        "panics" => panic!("{name} is on fire"),
        "fails unread" => {
            fill_stderr().await;
            return Err(format!("{name} lost its connection").into());
        }
        "fails" => return Err(format!("{name} lost its connection").into()),
        _ => tokio::time::sleep(Duration::from_millis(20)).await,
    }
    say(&format!("done: {name}"));
    Ok(())
}

/// A thread that holds standard error for ever, once the pipe behind it is full.
async fn fill_stderr() {
    // More than any pipe holds unless it was widened.
    const PIPE: usize = 1 << 20;

    std::thread::spawn(|| std::io::stderr().lock().write_all(&vec![b'.'; PIPE]));
    tokio::time::sleep(Duration::from_millis(200)).await;
}

/// A field that closes as its case says.
pub(crate) struct Faulty(pub(crate) String);

impl graceful::Shutdown for Faulty {
    async fn shutdown(self, cx: Context) -> Result {
        act(cx.name(), &self.0).await
    }
}
