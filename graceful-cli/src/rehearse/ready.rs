//! Whether a program is ready: at its start, and after the signal.

use super::load::{client, failed};
use super::options::Ready;
use super::program::Program;
use anyhow::bail;
use http_body_util::Full;
use hyper::body::Bytes;
use hyper::{Request, Uri};
use std::io::ErrorKind;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep, timeout};

/// Between two questions: finer than any probe, so that it is the program that is measured.
const INTERVAL: Duration = Duration::from_millis(20);

/// A question that is not answered by then counts as a no; probes of platforms have a second, too.
const LIMIT: Duration = Duration::from_secs(1);

/// Whether it is ready at the moment.
pub(super) async fn is(ready: &Ready) -> bool {
    ask(ready).await.is_ok()
}

/// Asks once: nothing where it is ready, else what was answered.
async fn ask(ready: &Ready) -> Result<(), String> {
    let asked = async {
        match ready {
            Ready::Accepts(address) => {
                let closed = |error| format!("closed ({error})");
                let stream = TcpStream::connect(address).await.map_err(closed)?;
                // Where nobody listens the kernel may take the very port for the socket, and connect it to itself.
                if stream.local_addr().ok() == stream.peer_addr().ok() {
                    return Err(closed(ErrorKind::ConnectionRefused.into()));
                }
                Ok(())
            }
            Ready::Answers(uri) => match status(uri).await? {
                200..300 => Ok(()),
                status => Err(format!("answered with {status}")),
            },
            Ready::Serves(uri) => match status(uri).await? {
                ..500 => Ok(()),
                status => Err(format!("answered with {status}")),
            },
        }
    };
    let late = |_| Err("not answered within a second".to_owned());
    timeout(LIMIT, asked).await.unwrap_or_else(late)
}

async fn status(uri: &Uri) -> Result<u16, String> {
    let mut request = Request::new(Full::<Bytes>::default());
    *request.uri_mut() = uri.clone();
    let response = client(false).request(request).await;
    let response = response.map_err(|error| failed(&error).words().to_owned())?;
    Ok(response.status().as_u16())
}

/// Waits until it is ready: how long that took from its start.
pub(super) async fn wait(
    program: &mut Program,
    ready: &Ready,
    limit: Duration,
) -> anyhow::Result<Duration> {
    loop {
        let Err(answer) = ask(ready).await else {
            return Ok(program.started.elapsed());
        };
        if let Some(status) = program.status()? {
            bail!("it ended before it was ready ({status})");
        }
        if program.started.elapsed() > limit {
            bail!(
                "it was not ready after {}: {ready} was {answer} then",
                humantime::format_duration(limit)
            );
        }
        sleep(INTERVAL).await;
    }
}

/// Waits until it is not ready any more, for as long as nobody drops this.
pub(super) async fn gone(ready: Ready) -> Instant {
    loop {
        let asked = Instant::now();
        if ask(&ready).await.is_err() {
            // A question that hangs was no yes from its beginning.
            return asked;
        }
        sleep(INTERVAL).await;
    }
}
