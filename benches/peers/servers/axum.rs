//! With axum's own drain, as in <https://docs.rs/axum/latest/axum/serve/struct.Serve.html#method.with_graceful_shutdown>;
//! it has no limit.

use graceful_peers::pages;
use graceful_peers::signals::Signals;
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let mut signals = Signals::new()?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?);
    axum::serve(listener, pages::routes())
        .with_graceful_shutdown(async move { signals.recv().await })
        .await
}
