//! What goes wrong, or right.

use crate::say;
use graceful::{Context, Result};
use std::future::pending;
use std::time::Duration;

/// Longer than anything here may take.
pub(crate) const FOR_EVER: Duration = Duration::from_secs(90);

/// Does what the case says, and says so under this name.
pub(crate) async fn act(name: &str, case: &str) -> Result {
    match case {
        "hangs" => pending::<()>().await,
        "blocks" => std::thread::sleep(FOR_EVER),
        "panics" => panic!("{name} is on fire"),
        "fails" => return Err(format!("{name} lost its connection").into()),
        _ => tokio::time::sleep(Duration::from_millis(20)).await,
    }
    say(&format!("done: {name}"));
    Ok(())
}

/// A field that closes as its case says.
pub(crate) struct Faulty(pub(crate) String);

impl graceful::Shutdown for Faulty {
    async fn shutdown(self, cx: Context) -> Result {
        act(cx.name(), &self.0).await
    }
}
