//! While it serves: clients that keep a connection and send no request, or half of one.

use crate::harness::{LOST, Service};
use axum::Router;
use axum::routing::get;
use std::io::{Read as _, Write as _};
use std::time::Duration;
use tokio::time::{Instant, sleep, timeout};

const HEAD: Duration = Duration::from_millis(400);

const REQUEST: &str = "GET / HTTP/1.1\r\nhost: a\r\n\r\n";

async fn start() -> Service {
    start_with(HEAD).await
}

async fn start_with(head: Duration) -> Service {
    let slow = || async {
        sleep(3 * HEAD).await;
        "slow"
    };
    let routes = Router::new()
        .route("/", get(|| async { "quick" }))
        .route("/slow", get(slow));
    Service::start_with(|server| server.header_read_timeout(head), routes).await
}

#[tokio::test]
async fn a_client_that_never_speaks_is_closed() {
    let service = start().await;
    let began = Instant::now();
    let mut client = service.connect().await;
    assert!(timeout(LOST, client.ends_silently()).await.unwrap());
    assert!(began.elapsed() >= HEAD, "{:?}", began.elapsed());
    service.connections(0).await;
}

#[tokio::test]
async fn so_is_one_that_sends_half_a_head_and_goes_on_with_it_for_ever() {
    let service = start().await;
    let began = Instant::now();
    let mut client = service.connect().await;
    client.send("GET / HTTP/1.1\r\n").await;
    service.connections(1).await;
    let drips = async {
        while service.server.connections() > 0 {
            sleep(HEAD / 10).await;
            // It fails once the connection is closed.
            let _ = client.0.try_write(b"x-slow: a\r\n");
        }
    };
    timeout(LOST, drips).await.unwrap();
    assert!(began.elapsed() >= HEAD, "{:?}", began.elapsed());
}

#[tokio::test]
async fn one_that_asks_again_in_time_is_kept_and_closed_when_it_does_not() {
    // Longer than a machine stands still between two requests.
    let head = 5 * HEAD;
    let service = start_with(head).await;
    let mut client = service.connect().await;
    for _ in 0..5 {
        client.send(REQUEST).await;
        client.read_to("quick").await;
        sleep(head / 4).await;
    }
    assert_eq!(service.server.connections(), 1);
    assert_eq!(client.rest().await, "");
}

#[tokio::test]
async fn one_whose_answer_takes_longer_is_answered() {
    let service = start().await;
    let mut client = service.connect().await;
    client.send(&REQUEST.replace("/ ", "/slow ")).await;
    client.read_to("slow").await;
}

#[tokio::test]
async fn one_that_has_chosen_http2_is_kept() {
    let service = start().await;
    let mut client = service.connect().await;
    client.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await;
    client.send("\0\0\0\u{4}\0\0\0\0\0").await;
    sleep(3 * HEAD).await;
    assert_eq!(service.server.connections(), 1);
}

/// Where the runtime has a timer, each of its sleeps sets one in the kernel.
#[tokio::test(start_paused = true)]
async fn looking_for_heads_takes_no_timer_of_the_runtime() {
    let service = start().await;
    let address = service.address;
    let began = Instant::now();
    let (answers, answer) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || {
        let mut client = std::net::TcpStream::connect(address).unwrap();
        std::thread::sleep(HEAD / 4);
        client.write_all(REQUEST.as_bytes()).unwrap();
        client.shutdown(std::net::Shutdown::Write).unwrap();
        let mut answer = String::new();
        client.read_to_string(&mut answer).unwrap();
        answers.send(answer).unwrap();
    });
    let answer = answer.await.unwrap();
    assert!(answer.ends_with("quick"), "{answer}");
    // Paused time goes on to the next timer whenever nothing else is to be done.
    assert_eq!(began.elapsed(), Duration::ZERO);
}
