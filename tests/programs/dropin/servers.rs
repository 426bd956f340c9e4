//! Servers with an end of their own. A request is in flight when the signal comes.

use crate::Result;
use crate::listening::shutdown_signal;
use crate::work::{FLUSH, finish, ready};
use actix_server::Server;
use actix_service::fn_service;
use axum::Router;
use axum::routing::get;
use std::net::TcpListener as StdListener;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

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

/// What actix-web's `HttpServer` stands on: it takes the signals by itself, and its workers are threads of
/// its own.
pub(crate) async fn actix() -> Result {
    let listener = StdListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    let server = Server::build()
        .workers(1)
        .shutdown_timeout(5)
        .listen("http", listener, || {
            fn_service(async |mut stream: TcpStream| {
                let mut request = [0; 1024];
                if stream.read(&mut request).await? == 0 {
                    return Ok(());
                }
                let body = answer().await;
                let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len());
                stream.write_all((head + body).as_bytes()).await
            })
        })?
        .run();
    // It listens from its start on.
    println!("listening on {address}");
    ready();
    server.await?;
    Ok(())
}
