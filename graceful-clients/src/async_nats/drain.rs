//! Closing a client.

use crate::limit::last_moment;
use crate::patience::patience_ends;
use async_nats::Client;
use futures_util::StreamExt as _;
use graceful_runtime::{Context, Result};
use std::time::Duration;
use tokio::time::{sleep, timeout_at};

/// How often it is looked whether the client has ended: nothing says so.
const LOOK_AGAIN: Duration = Duration::from_millis(2);

/// Whoever may not publish to its own inbox hears nothing either.
const UNANSWERED: &str = "an answer of the NATS server did not come within the limit: what was published may not have arrived. \
     Where the server is there, let its user publish to its own inbox, `_INBOX.>`";

/// Waits until the server has what was published, then drains the client, and waits for its end.
///
/// ```no_run
/// #[derive(graceful::Shutdown)]
/// struct App {
///     #[shutdown(timeout = "3s", with = graceful_clients::async_nats::drain)]
///     nats: async_nats::Client,
/// }
/// # fn main() {}
/// ```
///
/// The client's own `drain` only asks for it: it returns before anything has been sent. And what was sent may never have
/// arrived. So a message to a subject of its own goes first: when that is back, the server has all that was published
/// before.
///
/// Clones are the same client, and all of its subscriptions end. Close what reads them before it.
///
/// # Errors
///
/// If the server does not answer, or the connection is not there, by the limit. Without an answer the client is drained with a
/// quarter of the time left, one second at most. A user who may not publish to its own inbox (`_INBOX.>`, unless the client has another prefix) gets none.
///
/// # Cancel safety
///
/// Dropped, the client goes on.
pub async fn drain(client: Client, cx: Context) -> Result {
    // A tenth of what is left behind that would be too late.
    let limit = last_moment(&cx);
    cx.progress("waiting for an answer of the NATS server");
    let answered = timeout_at(patience_ends(&cx), echo(&client)).await;
    cx.progress("waiting for the end of the NATS client");
    let ended = timeout_at(limit, end(&client)).await;
    // The first that went wrong says more.
    answered.map_err(|_| UNANSWERED)??;
    ended.map_err(|_| "the end of the NATS client did not come within the limit")?
}

/// All that is given to the client is written, then it has ended.
async fn end(client: &Client) -> Result {
    client.drain().await?;
    while client.flush().await.is_ok() {
        sleep(LOOK_AGAIN).await;
    }
    Ok(())
}

async fn echo(client: &Client) -> Result {
    let inbox = client.new_inbox();
    let mut subscription = client.subscribe(inbox.clone()).await?;
    // Where the client wants none of its own messages (`no_echo`), nobody is there for it: that is answered, and to the same inbox.
    client
        .publish_with_reply(inbox.clone(), inbox, "".into())
        .await?;
    let answer = subscription.next().await;
    answer
        .map(drop)
        .ok_or_else(|| "the client is closed".into())
}
