//! Streams that are open when the signal comes: server-sent events and a WebSocket.

use super::request::{begin, client};
use futures_util::StreamExt as _;
use http_body_util::BodyExt as _;
use hyper::Uri;
use serde::Serialize;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;

/// One that was opened.
pub(in super::super) struct Stream {
    pub(in super::super) name: &'static str,
    end: JoinHandle<(Instant, End)>,
}

/// How it ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(in super::super) enum End {
    /// As it should: with the end of the answer, or with a close frame of this code.
    Ended(Option<u16>),
    /// The connection was gone.
    Cut,
    /// It lived on for as long as the program did, and was left when that had ended.
    Open,
}

impl Stream {
    /// How it ended, and when.
    pub(in super::super) async fn end(&mut self) -> (Instant, End) {
        let open = |_| (Instant::now(), End::Open);
        (&mut self.end).await.unwrap_or_else(open)
    }

    /// Lets go of it, if it is still open: its program is gone, and whoever has its socket says nothing.
    pub(in super::super) fn leave(&self) -> (Instant, End) {
        self.end.abort();
        (Instant::now(), End::Open)
    }
}

/// Opens a stream of server-sent events, and reads it to its end.
pub(in super::super) async fn events(uri: &Uri) -> anyhow::Result<Stream> {
    let client = client(false);
    let response = begin(&client, uri)
        .await
        .map_err(|outcome| anyhow::anyhow!("{uri} was {}", outcome.words()))?;
    let end = tokio::spawn(async move {
        let mut body = response.into_body();
        loop {
            match body.frame().await {
                Some(Ok(_)) => {}
                Some(Err(_)) => return (Instant::now(), End::Cut),
                None => return (Instant::now(), End::Ended(None)),
            }
        }
    });
    Ok(Stream {
        name: "events",
        end,
    })
}

/// Opens a WebSocket, and reads it to its end. Pings are answered.
pub(in super::super) async fn websocket(uri: &Uri) -> anyhow::Result<Stream> {
    let (mut socket, _) = connect_async(uri)
        .await
        .map_err(|error| anyhow::anyhow!("{uri}: {error}"))?;
    // The first message may be what tells the server that the client is there.
    let (opened, is_open) = oneshot::channel();
    let end = tokio::spawn(async move {
        // Nobody waits for it any more where the rehearsal was left.
        let _ = opened.send(());
        let mut close = None;
        loop {
            match socket.next().await {
                Some(Ok(Message::Close(frame))) => {
                    let code = frame.map(|frame| u16::from(frame.code));
                    // It is answered by reading on.
                    close = Some((Instant::now(), End::Ended(code)));
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return close.unwrap_or((Instant::now(), End::Cut)),
            }
        }
    });
    is_open.await?;
    Ok(Stream {
        name: "websocket",
        end,
    })
}
