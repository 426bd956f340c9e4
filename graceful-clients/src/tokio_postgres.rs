//! `tokio-postgres` 0.7: a client, and the task of its connection.
//!
//! Dropping the client has the connection say goodbye and end, as soon as the server has answered what it was asked.
//! Whoever does not wait for its task cuts it off with the runtime.

use crate::patience::patience_ends;
use crate::tell::tell_until;
use graceful_runtime::{Context, Failure, Result};
use std::borrow::Borrow;
use tokio::task::JoinHandle;
use tokio::time::{timeout, timeout_at};
use tokio_postgres::tls::MakeTlsConnect;
use tokio_postgres::{Client, Error, NoTls, Socket};

/// Closes a client and the spawned task of its connection, and waits for that.
///
/// What the server still runs then, though nobody waits for it any more, is let run. With a quarter of the time left, one
/// second at most, it is cancelled, which is a failure of the step. A connection that does not end then either is cut: its
/// server does not answer, or somebody else still holds the client.
///
/// ```no_run
/// use tokio::task::JoinHandle;
/// use tokio_postgres::{Client, Error, NoTls};
///
/// #[derive(graceful::Shutdown)]
/// struct App {
///     #[shutdown(timeout = "2s", with = graceful_clients::tokio_postgres::close)]
///     db: (Client, JoinHandle<Result<(), Error>>), // or an `Arc<Client>`, which handlers share
/// }
///
/// #[graceful::main]
/// async fn main() -> Result<App, Error> {
///     let (client, connection) = tokio_postgres::connect("host=127.0.0.1", NoTls).await?;
///     Ok(App { db: (client, tokio::spawn(connection)) })
/// }
/// ```
///
/// # Errors
///
/// That of the connection, or what is above.
///
/// # Cancel safety
///
/// The connection's task goes on without anybody, and ends with the runtime.
pub async fn close<C>(db: (C, JoinHandle<Result<(), Error>>), cx: Context) -> Result
where
    C: Borrow<Client> + Send,
{
    close_tls(db, NoTls, cx).await
}

/// The same over TLS, which the request to cancel needs as the connection did.
///
/// # Errors
///
/// As [`close`].
///
/// # Cancel safety
///
/// As [`close`].
pub async fn close_tls<C, T>(
    (client, mut connection): (C, JoinHandle<Result<(), Error>>),
    tls: T,
    cx: Context,
) -> Result
where
    C: Borrow<Client> + Send,
    T: MakeTlsConnect<Socket> + Send,
    T::TlsConnect: Send,
    T::Stream: Send,
    <T::TlsConnect as tokio_postgres::tls::TlsConnect<Socket>>::Future: Send,
{
    let cancel = client.borrow().cancel_token();
    drop(client);
    let left = || Some("the connection has not ended".to_owned());
    let ended = tell_until(&cx, &mut connection, left);
    if let Ok(ended) = timeout_at(patience_ends(&cx), ended).await {
        return Ok(ended??);
    }
    cx.progress("the server is asked to cancel what it runs");
    // A third of what is left: a server may let nobody in any more.
    let asked = timeout(cx.remaining() / 3, cancel.cancel_query(tls)).await;
    // Half of it: a client that somebody holds never ends its connection.
    if let Ok(ended) = timeout(cx.remaining() / 2, &mut connection).await {
        ended??;
        return Err("what the server still ran was cancelled".into());
    }
    connection.abort();
    let cut = "the connection did not end and was cut: the server does not answer, or somebody still holds the client";
    Err(match asked {
        Ok(Err(error)) => {
            let error = Failure::new(error.into());
            format!("{cut}; it could not be asked to cancel what it runs: {error}")
        }
        _ => cut.to_owned(),
    })?
}
