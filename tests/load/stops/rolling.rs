//! Replicas are restarted behind a balancer, and no client sees it.

use graceful_load::{Kind, Rolled, Tally, restart_under_load};

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

async fn none_fails(kind: Kind, restarts: usize) {
    if let Some(rolled) = roll(env!("CARGO_BIN_EXE_graceful"), kind, restarts).await {
        let Tally {
            failed,
            refused,
            cut,
            lost,
            ..
        } = rolled.tally;
        assert_eq!(failed + refused + cut + lost, 0, "{rolled:#?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_haproxy() {
    none_fails(Kind::Haproxy, 3).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_nginx() {
    none_fails(Kind::Nginx, 3).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "minutes"]
async fn behind_haproxy_at_length() {
    none_fails(Kind::Haproxy, 100).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "minutes"]
async fn behind_nginx_at_length() {
    none_fails(Kind::Nginx, 100).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "the control: what a plain server loses"]
async fn plain_behind_haproxy() {
    roll(env!("CARGO_BIN_EXE_plain"), Kind::Haproxy, 100).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "the control: what a plain server loses"]
async fn plain_behind_nginx() {
    roll(env!("CARGO_BIN_EXE_plain"), Kind::Nginx, 100).await;
}
