//! `mongodb` 3: a client ends its sessions in the server, and its monitors.

use crate::limit::last_moment;
use crate::patience::patience_ends;
use crate::tell::tell_until;
use graceful_runtime::{Context, Result};
use mongodb::Client;
use tokio::time::timeout_at;

/// Shuts a client down: what its cursors, sessions and uploads have to tell the server when they are dropped is waited
/// for, then its sessions are ended there.
///
/// One of them that lives, anywhere in the program, would be waited for without an end: `Client::shutdown` has none. So
/// with a quarter of the time left, one second at most, it is shut down all the same. That is a failure of the step: the
/// server keeps such a cursor until it times out there, ten minutes by default.
///
/// ```no_run
/// #[derive(graceful::Shutdown)]
/// struct App {
///     #[shutdown(timeout = "2s", with = graceful_clients::mongodb::close)]
///     db: mongodb::Client,
/// }
/// # fn main() {}
/// ```
///
/// # Errors
///
/// Where a cursor, a session or an upload still lives, or the server does not answer.
///
/// # Cancel safety
///
/// What has not been told to the server is not told any more.
pub async fn close(client: Client, cx: Context) -> Result {
    // A tenth of what is left then would be too late.
    let limit = last_moment(&cx);
    let left = || Some("waiting for cursors, sessions and uploads".to_owned());
    let shut_down = tell_until(&cx, async { client.clone().shutdown().await }, left);
    if timeout_at(patience_ends(&cx), shut_down).await.is_ok() {
        return Ok(());
    }
    let without_them = client.shutdown().immediate(true);
    let shut_down = timeout_at(limit, without_them).await;
    Err(shut_down.map_or(
        "the server does not answer: what it has of this client ends there by itself",
        |()| "a cursor, a session or an upload still lives: the client was shut down without it",
    ))?
}
