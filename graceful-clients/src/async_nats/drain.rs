//! Closing a client.

use super::pull::connects;
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

/// The echo shows nothing then of what was written to the connection before.
const RECONNECTED: &str = "the connection to the NATS server was lost, and made again meanwhile: \
     what was published before may not have arrived";

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
/// If the server does not answer, or the connection is not there, by the limit; or if it was lost and comes back meanwhile: what was
/// on its way is lost with it, and the client does not send it again. Without an answer the client is drained with a
/// quarter of the time left, one second at most. A user who may not publish to its own inbox (`_INBOX.>`, unless the client has another prefix) gets none.
///
/// # Cancel safety
///
/// Dropped, the client goes on.
pub async fn drain(client: Client, cx: Context) -> Result {
    // A tenth of what is left behind that would be too late.
    let limit = last_moment(&cx);
    cx.progress("waiting for an answer of the NATS server");
    let connected = connects(&client);
    let answered = timeout_at(patience_ends(&cx), echo(&client)).await;
    let is_the_same = connects(&client) == connected;
    cx.progress("waiting for the end of the NATS client");
    let ended = timeout_at(limit, end(&client)).await;
    // The first that went wrong says more.
    answered.map_err(|_| UNANSWERED)??;
    is_the_same.then_some(()).ok_or(RECONNECTED)?;
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

#[cfg(test)]
mod tests {
    use super::drain;
    use async_nats::Client;
    use async_nats::connection::State;
    use futures_util::FutureExt as _;
    use graceful::Context;
    use graceful::testing::{AssertReport as _, run};
    use std::collections::HashMap;
    use std::io::{BufRead as _, BufReader, Read as _, Result, Write as _};
    use std::net::{TcpListener, TcpStream};
    use std::pin::pin;
    use std::sync::mpsc::{Receiver, Sender, channel};
    use std::thread;
    use std::time::Duration;
    use tokio::time::sleep;

    #[derive(graceful::Shutdown)]
    struct App {
        #[shutdown(timeout = "20s", with = drain_and_tell)]
        nats: (Client, Sender<()>),
    }

    /// Tells when the close has begun.
    async fn drain_and_tell(
        (client, begun): (Client, Sender<()>),
        cx: Context,
    ) -> graceful::Result {
        let mut drained = pin!(drain(client, cx));
        assert!((&mut drained).now_or_never().is_none());
        begun.send(())?;
        drained.await
    }

    /// Its echo comes over the second, and shows nothing of what went with the first.
    #[test]
    fn a_connection_that_was_lost_and_made_again_is_told_of() {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let (tells, told) = channel();
        let server = thread::spawn(move || forgetful(&listener, &told));
        run(async move || {
            let client = async_nats::connect(format!("127.0.0.1:{port}"))
                .await
                .unwrap();
            for _ in 0..20 {
                client.publish("numbers", "1".into()).await.unwrap();
            }
            client.flush().await.unwrap();
            tells.send(()).unwrap();
            while client.connection_state() == State::Connected {
                sleep(Duration::from_millis(1)).await;
            }
            App {
                nats: (client, tells),
            }
        })
        .real_time()
        .report()
        .assert_failed("nats", "was lost, and made again meanwhile");
        assert_eq!(server.join().unwrap().unwrap(), 5);
    }

    /// Takes five messages over its first connection, cuts it when all have been written, and lets the second in when the
    /// close has begun: how many came.
    fn forgetful(listener: &TcpListener, told: &Receiver<()>) -> Result<usize> {
        let (first, client) = serve(listener, 5)?;
        told.recv().expect("all are written");
        drop(client);
        told.recv().expect("the close begins");
        let (second, _) = serve(listener, usize::MAX)?;
        Ok(first + second)
    }

    /// What a server says until the client has gone, or so many messages have come: how many did, beside the client's own echo.
    fn serve(listener: &TcpListener, most: usize) -> Result<(usize, TcpStream)> {
        let (mut client, _) = listener.accept()?;
        client.write_all(b"INFO {\"max_payload\":1048576}\r\n")?;
        let mut lines = BufReader::new(client.try_clone()?);
        let (mut came, mut subscriptions) = (0, HashMap::new());
        let mut line = String::new();
        // A client that goes before it has read everything resets the connection.
        while came < most && lines.read_line(&mut line).is_ok_and(|read| read > 0) {
            match &*line.split_whitespace().collect::<Vec<_>>() {
                ["PING"] => drop(client.write_all(b"PONG\r\n")),
                ["SUB", subject, id] => {
                    subscriptions.insert((*subject).to_owned(), (*id).to_owned());
                }
                ["PUB", subject, .., length] => {
                    let length: usize = length.parse().expect("a length");
                    lines.read_exact(&mut vec![0; length + 2])?;
                    match subscriptions.get(*subject) {
                        Some(id) => drop(write!(client, "MSG {subject} {id} 0\r\n\r\n")),
                        None => came += 1,
                    }
                }
                _ => {}
            }
            line.clear();
        }
        Ok((came, client))
    }
}
