//! Replicas are restarted behind a balancer, and no client sees it.

#![cfg(unix)]

use graceful_load::{Kind, Rolled, restart_under_load};

async fn roll(program: &str, kind: Kind, restarts: usize) -> Option<Rolled> {
    if !kind.is_installed() {
        println!("skipped: {kind:?} is not installed");
        return None;
    }
    let rolled = restart_under_load(program, kind, restarts).await;
    println!("{restarts} restarts behind {kind:?}: {}", rolled.tally);
    for (failure, times) in &rolled.failures {
        println!("  {times} x {failure}");
    }
    Some(rolled)
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "the control: what a plain server loses"]
async fn plain_behind_haproxy() {
    roll(env!("CARGO_BIN_EXE_plain"), Kind::Haproxy, 12).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "the control: what a plain server loses"]
async fn plain_behind_nginx() {
    roll(env!("CARGO_BIN_EXE_plain"), Kind::Nginx, 12).await;
}
