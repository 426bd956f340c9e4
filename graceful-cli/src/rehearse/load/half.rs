//! A client that never ends its request: what a drain without a limit waits for.

use hyper::Uri;
use std::io;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

/// Sends the first part of a request's head. It is the server that has to give up.
pub(in super::super) async fn half_a_request(uri: &Uri) -> io::Result<TcpStream> {
    let authority = uri.authority().map_or("", |authority| authority.as_str());
    let address = (uri.host().unwrap_or_default(), uri.port_u16().unwrap_or(80));
    let mut stream = TcpStream::connect(address).await?;
    let half = format!("GET {} HTTP/1.1\r\nHost: {authority}\r\n", uri.path());
    stream.write_all(half.as_bytes()).await?;
    Ok(stream)
}
