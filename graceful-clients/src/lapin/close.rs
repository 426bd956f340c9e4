//! Closing a connection.

use crate::limit::within_limit;
use graceful_runtime::{Context, Result};
use lapin::Connection;

/// Closes a connection, and waits for the broker's answer.
///
/// ```no_run
/// #[derive(graceful::Shutdown)]
/// struct App {
///     #[shutdown(timeout = "2s", with = graceful_clients::lapin::close)]
///     rabbit: lapin::Connection,
/// }
/// # fn main() {}
/// ```
///
/// It closes its channels with it: what was not acknowledged goes back into its queue. Whether what was published has arrived, only
/// publisher confirms say ([`Channel::confirm_select`](lapin::Channel::confirm_select)): await them where you publish.
///
/// # Errors
///
/// If the broker has not answered by the limit, or the connection is gone already.
///
/// # Cancel safety
///
/// Dropped, the connection is closed without waiting.
pub async fn close(connection: Connection, cx: Context) -> Result {
    let closed = connection.close(200, "OK".into());
    within_limit(&cx, closed, "an answer of RabbitMQ").await??;
    Ok(())
}
