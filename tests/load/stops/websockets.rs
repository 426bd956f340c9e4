//! Everybody who holds a WebSocket is told that the server goes away.

use graceful_load::{Closed, close_websockets};

async fn close(program: &str, sockets: usize) -> Closed {
    let closed = close_websockets(program, sockets).await;
    println!("{sockets} sockets, closed in {:.1?}", closed.took);
    for (how, times) in &closed.how {
        println!("  {times} x {how}");
    }
    closed
}

async fn all_are_told(sockets: usize) {
    let closed = close(env!("CARGO_BIN_EXE_graceful"), sockets).await;
    let told = closed
        .how
        .iter()
        .filter(|(how, _)| how.starts_with("1001 "));
    let told: usize = told.map(|(_, times)| times).sum();
    assert_eq!(told, sockets, "{closed:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_are_told() {
    all_are_told(1000).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs 10,000 files in each process"]
async fn ten_thousand_are_told() {
    all_are_told(10_000).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "the control: what a plain server does"]
async fn plain() {
    close(env!("CARGO_BIN_EXE_plain"), 1000).await;
}
