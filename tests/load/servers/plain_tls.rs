//! The control over TLS: a router behind tokio-rustls and hyper-util, as axum's own example of it.

use graceful_load::{address, routes, server_tls};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::signal::unix::{SignalKind, signal};
use tokio_rustls::TlsAcceptor;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let listener = TcpListener::bind(address()).await?;
    println!("{}", listener.local_addr()?);
    let tls = TlsAcceptor::from(server_tls());
    let service = TowerToHyperService::new(routes());
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                let (stream, _) = accepted?;
                stream.set_nodelay(true)?;
                let (tls, service) = (tls.clone(), service.clone());
                tokio::spawn(async move { drop(serve(tls, stream, service).await) });
            }
            _ = terminate.recv() => return Ok(()),
        }
    }
}

async fn serve(
    tls: TlsAcceptor,
    stream: TcpStream,
    service: TowerToHyperService<axum::Router>,
) -> Result<(), axum::BoxError> {
    let stream = TokioIo::new(tls.accept(stream).await?);
    let http = Builder::new(TokioExecutor::new());
    http.serve_connection_with_upgrades(stream, service).await
}
