//! With tokio-graceful, as in its example `hyper` (<https://github.com/plabayo/tokio-graceful/blob/main/examples/hyper.rs>).

use graceful_peers::pages::{self, LIMIT};
use hyper::server::conn::http1::Builder;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use std::pin::pin;
use tokio::net::TcpListener;
use tokio_graceful::{Shutdown, ShutdownGuard};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let shutdown = Shutdown::default();
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?);
    shutdown.spawn_task_fn(|guard| accept(listener, guard));
    shutdown.shutdown_with_limit(LIMIT).await?;
    Ok(())
}

async fn accept(listener: TcpListener, guard: ShutdownGuard) {
    let routes = TowerToHyperService::new(pages::routes());
    loop {
        let stream = tokio::select! {
            () = guard.cancelled() => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => TokioIo::new(stream),
                Err(_) => continue,
            },
        };
        let routes = routes.clone();
        guard.spawn_task_fn(async move |guard| {
            let mut http = Builder::new();
            // Without it there is no limit for the head of a request.
            http.timer(TokioTimer::new());
            let mut connection = pin!(http.serve_connection(stream, routes));
            tokio::select! {
                () = guard.cancelled() => connection.as_mut().graceful_shutdown(),
                _ended = connection.as_mut() => return,
            }
            // It may end as its client likes.
            connection.await.unwrap_or(());
        });
    }
}
