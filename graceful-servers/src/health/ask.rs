//! The other side of a probe: a container's health check, by the program itself.

use std::io;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpStream, ToSocketAddrs};

/// Asks a probe, as a container's health check does: the image then needs no `curl` and no shell.
///
/// ```no_run
/// use graceful::health;
/// # #[derive(graceful::Shutdown)] #[shutdown(nothing)] struct App;
///
/// #[graceful::main]
/// async fn main() -> std::io::Result<App> {
///     if std::env::args().nth(1).as_deref() == Some("healthcheck") {
///         health::ask("127.0.0.1:9990", "/livez").await?; // exit code 1, and why
///         graceful::exit(0).await;
///     }
///     // …
/// #   Ok(App)
/// }
/// ```
///
/// and in its Dockerfile `HEALTHCHECK CMD ["/usr/local/bin/app", "healthcheck"]`. Whoever runs the check limits its time
/// (Docker: `--timeout`).
///
/// # Errors
///
/// If nobody answers, or the answer's status is not 200: then with what it says.
///
/// # Cancel safety
///
/// It can be dropped at any time.
pub async fn ask(address: impl ToSocketAddrs, path: &str) -> io::Result<()> {
    let mut connection = TcpStream::connect(address).await?;
    // HTTP/1.0: the answer has neither chunks nor a second one behind it.
    let request = format!("GET {path} HTTP/1.0\r\n\r\n");
    connection.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    connection.read_to_string(&mut answer).await?;
    let status = answer.split_whitespace().nth(1);
    if status == Some("200") {
        return Ok(());
    }
    let first_line = answer.lines().next().unwrap_or("no answer");
    let (_, body) = answer.split_once("\r\n\r\n").unwrap_or_default();
    Err(io::Error::other(format!("{path}: {first_line} {body}")))
}
