//! A probe that is asked by the program itself.

use futures_util::future::{Either, select};
use hyper::client::conn::http1::handshake;
use hyper::header::HOST;
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use std::io;
use std::pin::pin;
use std::time::Duration;
use tokio::net::{TcpStream, ToSocketAddrs};
use tokio::time::timeout;

/// Below the timeouts that people give a health check, so that it is this that is said.
const LIMIT: Duration = Duration::from_secs(3);

/// Asks a probe of this service from a second process of the same program: what the `HEALTHCHECK` of a container
/// runs, whose image has no shell and no `wget`.
///
/// ```no_run
/// use graceful::health;
/// # #[derive(graceful::Shutdown)] #[shutdown(nothing)] struct App {}
///
/// #[graceful::main]
/// async fn main() -> std::io::Result<App> {
///     if std::env::args().nth(1).as_deref() == Some("healthcheck") {
///         let well = health::ask("127.0.0.1:9990", "/readyz").await;
///         graceful::exit(u8::from(well.is_err())).await; // 1: unhealthy
///     }
///     Ok(App {})
/// }
/// ```
///
/// # Errors
///
/// If nobody answers within 3 s, or with anything but 2xx; the error names the status.
///
/// # Cancel safety
///
/// Nothing is left of it when it is dropped.
pub async fn ask(address: impl ToSocketAddrs, path: &str) -> io::Result<()> {
    let late = |_| io::Error::from(io::ErrorKind::TimedOut);
    match timeout(LIMIT, status(address, path))
        .await
        .map_err(late)??
    {
        status if status.is_success() => Ok(()),
        status => Err(io::Error::other(format!("{path} is {status}"))),
    }
}

async fn status(address: impl ToSocketAddrs, path: &str) -> io::Result<StatusCode> {
    let stream = TcpStream::connect(address).await?;
    let (mut sender, connection) = handshake(TokioIo::new(stream))
        .await
        .map_err(io::Error::other)?;
    let request = Request::get(path)
        .header(HOST, "localhost")
        .body(String::new())
        .map_err(io::Error::other)?;
    let answer = async {
        let answer = sender.send_request(request).await;
        answer.map(|answer| answer.status())
    };
    // The connection is polled beside the question: nothing of it outlives this.
    match select(pin!(answer), pin!(connection)).await {
        Either::Left((status, _)) => status.map_err(io::Error::other),
        Either::Right((ended, answer)) => {
            ended.map_err(io::Error::other)?;
            answer.await.map_err(io::Error::other)
        }
    }
}
