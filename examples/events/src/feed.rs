//! The subscription: somebody else's service, over a WebSocket.

use crate::store::Event;
use anyhow::{Context as _, bail};
use futures_util::{SinkExt as _, StreamExt as _};
use graceful_clients::queue::Queue;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{accept_hdr_async, connect_async};

/// Between two events of the feed that is built in.
const PACE: Duration = Duration::from_millis(1);

/// Takes events until the service stops. That the feed ends is an error at any other time.
pub(crate) async fn subscribe(url: String, after: u64, events: Queue<Event>) -> anyhow::Result<()> {
    let url = format!("{url}?after={after}");
    graceful::until_requested(Box::pin(take(&url, &events)))
        .await
        .unwrap_or(Ok(()))
}

async fn take(url: &str, events: &Queue<Event>) -> anyhow::Result<()> {
    let (mut socket, _) = connect_async(url).await.with_context(|| url.to_owned())?;
    while let Some(message) = socket.next().await {
        match message? {
            Message::Text(text) => {
                let event = serde_json::from_str(&text).with_context(|| text.to_string())?;
                // Where the queue is full this waits, and with it the feed.
                events.send(event).await?;
            }
            Message::Close(frame) => bail!("the feed has ended: {frame:?}"),
            _ => {}
        }
    }
    bail!("the feed has ended without a word")
}

/// A feed in this process, for those who have none: events from the one after the query's on.
pub(crate) async fn embedded() -> anyhow::Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("ws://{}/", listener.local_addr()?);
    tokio::spawn(async move {
        while let Ok((connection, _)) = listener.accept().await {
            tokio::spawn(publish(connection));
        }
    });
    Ok(url)
}

async fn publish(connection: TcpStream) -> anyhow::Result<()> {
    let mut after = 0;
    #[expect(clippy::result_large_err, reason = "the library's signature")]
    let read_query = |request: &tokio_tungstenite::tungstenite::handshake::server::Request,
                      response| {
        let query = request
            .uri()
            .query()
            .and_then(|query| query.strip_prefix("after="));
        after = query.and_then(|after| after.parse().ok()).unwrap_or(0);
        Ok(response)
    };
    let mut socket = accept_hdr_async(connection, read_query).await?;
    for number in after + 1.. {
        let event = Event {
            number,
            amount: number * 7 % 1000,
        };
        socket
            .send(Message::Text(serde_json::to_string(&event)?.into()))
            .await?;
        sleep(PACE).await;
    }
    Ok(())
}
