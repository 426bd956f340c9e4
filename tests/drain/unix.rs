//! A server on a Unix socket.

use axum::Router;
use axum::routing::get;
use graceful::Embedded;
use graceful::http::Server;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{UnixListener, UnixStream};

fn routes() -> Router {
    Router::new().route("/", get("hello"))
}

async fn ask(stream: &mut UnixStream) -> String {
    let request = b"GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";
    stream.write_all(request).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn it_serves_drains_and_removes_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("http.sock");
    let life = Embedded::new();
    let server = Server::bind_unix(&path).await.unwrap();
    life.run(server.lifecycle(life.handle()).serve(routes()));
    let mut first = UnixStream::connect(&path).await.unwrap();
    assert!(ask(&mut first).await.ends_with("hello"));

    let mut waits = UnixStream::connect(&path).await.unwrap();
    let stop = tokio::spawn(async move { life.stop(Duration::from_secs(5)).await });
    assert!(ask(&mut waits).await.ends_with("hello"));
    assert!(stop.await.unwrap().is_clean());
    assert!(!path.exists());
}

/// As a program does that becomes a daemon.
#[tokio::test]
async fn its_file_is_removed_where_the_process_has_gone_to_another_folder_since() {
    let folder = tempfile::tempdir().unwrap();
    let before = std::env::current_dir().unwrap();
    let life = Embedded::new();
    // No other test names a file by where the process is.
    std::env::set_current_dir(folder.path()).unwrap();
    let server = Server::bind_unix("http.sock").await;
    std::env::set_current_dir(before).unwrap();
    life.run(server.unwrap().lifecycle(life.handle()).serve(routes()));
    assert!(folder.path().join("http.sock").exists());
    assert!(life.stop(Duration::from_secs(5)).await.is_clean());
    assert!(!folder.path().join("http.sock").exists());
}

#[tokio::test]
async fn a_file_that_a_killed_process_left_is_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("http.sock");
    drop(UnixListener::bind(&path).unwrap());
    assert!(path.exists());
    let server = Server::bind_unix(&path).await.unwrap().serve(routes());
    let mut client = UnixStream::connect(&path).await.unwrap();
    assert!(ask(&mut client).await.ends_with("hello"));
    // One that is listened on is not.
    assert!(Server::bind_unix(&path).await.is_err());
    drop(server);
}

#[tokio::test]
async fn a_file_that_is_no_socket_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("orders.db");
    std::fs::write(&path, "precious").unwrap();
    assert!(Server::bind_unix(&path).await.is_err());
    assert_eq!(std::fs::read(&path).unwrap(), b"precious");
}

#[tokio::test]
async fn the_file_of_whoever_has_taken_its_place_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("http.sock");
    let life = Embedded::new();
    let server = Server::bind_unix(&path).await.unwrap();
    life.run(server.lifecycle(life.handle()).serve(routes()));
    // The next process does not wait for this one.
    std::fs::remove_file(&path).unwrap();
    let next = Server::bind_unix(&path).await.unwrap().serve(routes());
    assert!(life.stop(Duration::from_secs(5)).await.is_clean());
    let mut client = UnixStream::connect(&path).await.unwrap();
    assert!(ask(&mut client).await.ends_with("hello"));
    drop(next);
}
