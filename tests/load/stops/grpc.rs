//! A gRPC server is restarted, and no call ends in a way that its client may not retry.

use graceful_load::{Called, restart_grpc};

async fn restart(program: &str, restarts: usize, streams: usize) -> Called {
    let called = restart_grpc(program, restarts, streams).await;
    println!(
        "{restarts} restarts, the longest stop {:.1?}",
        called.longest_stop
    );
    for (what, ended) in [("calls", &called.calls), ("streams", &called.streams)] {
        for (how, times) in ended {
            println!("  {times} {what}: {how}");
        }
    }
    called
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "the control: what a plain server loses"]
async fn plain() {
    restart(env!("CARGO_BIN_EXE_plain-grpc"), 5, 1000).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn graceful() {
    let called = restart(env!("CARGO_BIN_EXE_graceful-grpc"), 3, 200).await;
    assert_eq!(called.not_to_be_retried(), 0);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "minutes"]
async fn graceful_at_length() {
    let called = restart(env!("CARGO_BIN_EXE_graceful-grpc"), 50, 1000).await;
    assert_eq!(called.not_to_be_retried(), 0);
}
