//! Stopped in the middle of a rush of orders.

use crate::client::{Answer, Client};
use crate::process::{LOST, Service};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

const CLIENTS: usize = 32;

/// As many are answered before the signal is sent.
const BEFORE_THE_SIGNAL: usize = 500;

/// What one client saw until nobody listened any more.
#[derive(Default)]
struct Seen {
    created: Vec<(i64, String)>,
    cut: Vec<String>,
}

#[tokio::test]
async fn every_order_that_was_answered_is_kept_and_confirmed() {
    rush(Client::new).await;
}

#[tokio::test]
async fn so_is_every_order_of_clients_that_do_not_keep_their_connections() {
    rush(Client::hasty).await;
}

async fn rush(client: fn(SocketAddr) -> Client) {
    let mut service = Service::start().await;
    let answered = Arc::new(AtomicUsize::new(0));
    let mut clients = JoinSet::new();
    for name in 0..CLIENTS {
        let client = client(service.address);
        clients.spawn(until_refused(name, client, answered.clone()));
    }
    let enough = async {
        while answered.load(Ordering::Relaxed) < BEFORE_THE_SIGNAL {
            sleep(Duration::from_millis(1)).await;
        }
    };
    timeout(LOST, enough)
        .await
        .expect("orders are not answered");

    service.terminate();
    let signalled = Instant::now();
    let (mut created, mut cut) = (Vec::new(), Vec::new());
    for seen in clients.join_all().await {
        created.extend(seen.created);
        cut.extend(seen.cut);
    }
    let remains = service.remains().await;
    let took = signalled.elapsed();

    println!("{}", remains.ended.stderr);
    println!(
        "{} orders answered, {} requests cut, {} orders in the database, over {took:.1?} after the signal",
        created.len(),
        cut.len(),
        remains.orders.len(),
    );
    for error in &cut {
        println!("cut: {error}");
    }
    remains.assert_clean();
    assert!(cut.is_empty());
    for (id, item) in created {
        let order = remains.orders.get(&id);
        assert!(
            order.is_some_and(|order| order.item == item && order.confirmed),
            "{item} was answered with {id}, and is {order:?}"
        );
    }
}

async fn until_refused(name: usize, client: Client, answered: Arc<AtomicUsize>) -> Seen {
    let mut seen = Seen::default();
    for order in 0.. {
        let item = format!("order {order} of client {name}");
        match client.order(&item).await {
            Answer::Created(id) => {
                answered.fetch_add(1, Ordering::Relaxed);
                seen.created.push((id, item));
            }
            Answer::Cut(error) => seen.cut.push(error),
            Answer::Refused => break,
            Answer::Other(status) => panic!("{item}: {status}"),
        }
    }
    seen
}
