//! Servers with an end of their own. A request is in flight when the signal comes.

use crate::Result;
use crate::listening::shutdown_signal;
use crate::work::{FLUSH, finish, ready};
use actix_web::{HttpServer, web};
use axum::Router;
use axum::routing::get;
use std::net::TcpListener as StdListener;
use tokio::net::TcpListener;

async fn answer() -> &'static str {
    println!("begun request");
    finish("request", FLUSH).await;
    "whole"
}

pub(crate) async fn axum() -> Result {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("listening on {}", listener.local_addr()?);
    let app = Router::new().route("/", get(answer));
    axum::serve(listener, app)
        .with_graceful_shutdown(shutdown_signal())
        .await?;
    Ok(())
}

/// As in most examples: nobody ever stops it.
pub(crate) async fn axum_without_end() -> Result {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("listening on {}", listener.local_addr()?);
    let app = Router::new().route("/", get(answer));
    ready();
    axum::serve(listener, app).await?;
    Ok(())
}

/// It takes the signals by itself, and its workers are threads of its own.
pub(crate) async fn actix() -> Result {
    let listener = StdListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    let server = HttpServer::new(|| actix_web::App::new().route("/", web::get().to(answer)))
        .workers(1)
        .shutdown_timeout(5)
        .listen(listener)?
        .run();
    println!("listening on {address}");
    ready();
    server.await?;
    Ok(())
}
