//! With hyper-util's `GracefulShutdown`, as in its example `server_graceful`, with the same kind of limit
//! (<https://github.com/hyperium/hyper-util/blob/master/examples/server_graceful.rs>).

use graceful_peers::pages::{self, LIMIT};
use graceful_peers::signals::Signals;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let mut signals = Signals::new()?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?);
    let mut server = Builder::new(TokioExecutor::new());
    // Without it there is no limit for the head of a request.
    server.http1().timer(TokioTimer::new());
    let graceful = GracefulShutdown::new();
    let routes = TowerToHyperService::new(pages::routes());
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                let stream = TokioIo::new(accepted?.0);
                let connection = server.serve_connection_with_upgrades(stream, routes.clone());
                let connection = graceful.watch(connection.into_owned());
                // It may end as its client likes.
                tokio::spawn(async move { connection.await.unwrap_or(()) });
            }
            () = signals.recv() => break,
        }
    }
    drop(listener);
    tokio::select! {
        () = graceful.shutdown() => Ok(()),
        () = tokio::time::sleep(LIMIT) => Err(std::io::Error::other("the limit is spent")),
    }
}
