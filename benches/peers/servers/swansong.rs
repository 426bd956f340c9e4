//! With swansong: the accepting is interrupted, each connection guarded, as its documentation has it for servers
//! (<https://docs.rs/swansong>); each is told as hyper's own example `graceful_shutdown` does it
//! (<https://github.com/hyperium/hyper/blob/master/examples/graceful_shutdown.rs>).

use graceful_peers::pages::{self, LIMIT};
use graceful_peers::signals::Signals;
use hyper::server::conn::http1::Builder;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use std::pin::pin;
use swansong::Swansong;
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let mut signals = Signals::new()?;
    let swansong = Swansong::new();
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?);
    tokio::spawn(swansong.guarded(accept(listener, swansong.clone())));
    signals.recv().await;
    let stopped = tokio::time::timeout(LIMIT, swansong.shut_down()).await;
    stopped.map_err(|_| std::io::Error::other("the limit is spent"))
}

async fn accept(listener: TcpListener, swansong: Swansong) {
    let routes = TowerToHyperService::new(pages::routes());
    while let Some(accepted) = swansong.interrupt(listener.accept()).await {
        let Ok((stream, _)) = accepted else { continue };
        let (routes, told) = (routes.clone(), swansong.shutting_down());
        tokio::spawn(swansong.guarded(async move {
            let mut http = Builder::new();
            // Without it there is no limit for the head of a request.
            http.timer(TokioTimer::new());
            let mut connection = pin!(http.serve_connection(TokioIo::new(stream), routes));
            tokio::select! {
                () = told => connection.as_mut().graceful_shutdown(),
                _ended = connection.as_mut() => return,
            }
            // It may end as its client likes.
            connection.await.unwrap_or(());
        }));
    }
}
