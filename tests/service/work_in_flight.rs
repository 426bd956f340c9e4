//! Stopped while it has begun something for somebody.

use crate::client::{Answer, Client};
use crate::process::{Order, Service};
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::sleep;

const SLOW: Duration = Duration::from_secs(1);

#[tokio::test]
async fn a_slow_request_is_answered() {
    let mut service = Service::start().await;
    let mut connection = TcpStream::connect(service.address).await.unwrap();
    let body = r#"{"item":"tea"}"#;
    let head = format!(
        "POST /orders HTTP/1.1\r\nhost: orders\r\ncontent-type: application/json\r\n\
         content-length: {}\r\nexpect: 100-continue\r\n\r\n",
        body.len()
    );
    connection.write_all(head.as_bytes()).await.unwrap();
    // The server asks for the body once the handler waits for it: the request has begun.
    let go_on = b"HTTP/1.1 100 Continue\r\n\r\n";
    let mut answer = vec![0; go_on.len()];
    connection.read_exact(&mut answer).await.unwrap();
    assert_eq!(answer, go_on);

    service.terminate();
    let signalled = Instant::now();
    sleep(SLOW / 2).await;
    let readiness = probe(service.probes, "/readyz").await;
    assert!(readiness.starts_with("HTTP/1.1 503 "), "{readiness}");
    let liveness = probe(service.probes, "/livez").await;
    assert!(liveness.starts_with("HTTP/1.1 200 "), "{liveness}");
    sleep(SLOW / 2).await;
    connection.write_all(body.as_bytes()).await.unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 201 Created\r\n"), "{answer}");

    let remains = service.remains().await;
    remains.assert_clean();
    assert!(signalled.elapsed() > SLOW);
    assert_eq!(remains.orders[&1], confirmed("tea"));
}

#[tokio::test]
async fn work_behind_an_answer_is_finished() {
    let mut service = Service::start().await;
    let Answer::Created(id) = Client::new(service.address).order("tea").await else {
        panic!("no order");
    };
    service.terminate();
    let remains = service.remains().await;
    remains.assert_clean();
    assert_eq!(remains.orders[&id], confirmed("tea"));
}

async fn probe(address: SocketAddr, path: &str) -> String {
    let mut connection = TcpStream::connect(address).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nhost: probes\r\nconnection: close\r\n\r\n");
    connection.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).await.unwrap();
    answer
}

fn confirmed(item: &str) -> Order {
    Order {
        item: item.to_owned(),
        confirmed: true,
    }
}
