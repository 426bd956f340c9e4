//! A client that never ends its request: what a drain without a limit waits for.

use hyper::Uri;
use std::io;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

/// Sends the first part of a request's head. It is the server that has to give up.
pub(in super::super) async fn half_a_request(uri: &Uri) -> io::Result<TcpStream> {
    let authority = uri.authority().map_or("", |authority| authority.as_str());
    // As one text, in which an address of IPv6 has its brackets.
    let host = uri.host().unwrap_or_default();
    let address = format!("{host}:{}", uri.port_u16().unwrap_or(80));
    let mut stream = TcpStream::connect(address).await?;
    let half = format!("GET {} HTTP/1.1\r\nHost: {authority}\r\n", uri.path());
    stream.write_all(half.as_bytes()).await?;
    Ok(stream)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::AsyncReadExt as _;
    use tokio::net::TcpListener;

    #[tokio::test]
    async fn a_server_has_half_of_it_by_either_protocol() {
        for host in ["127.0.0.1", "[::1]"] {
            let Ok(listener) = TcpListener::bind((host.trim_matches(['[', ']']), 0)).await else {
                eprintln!("skipped: {host} is not to be had");
                continue;
            };
            let port = listener.local_addr().unwrap().port();
            let uri: Uri = format!("http://{host}:{port}/slow").parse().unwrap();
            let client = half_a_request(&uri).await.unwrap();
            let (mut server, _) = listener.accept().await.unwrap();
            drop(client);
            let mut half = String::new();
            server.read_to_string(&mut half).await.unwrap();
            assert_eq!(
                half,
                format!("GET /slow HTTP/1.1\r\nHost: {host}:{port}\r\n")
            );
        }
    }
}
