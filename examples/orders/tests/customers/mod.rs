//! Who places orders, and what became of them.

use orders::api::NewOrder;
use orders::api::orders_client::OrdersClient;
use orders::customers::was_never_taken;
use sqlx::Connection as _;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use std::collections::BTreeSet;
use std::path::Path;
use tokio::sync::mpsc;
use tonic::Status;
use tonic::transport::{Channel, Endpoint};

pub(crate) async fn client(address: String) -> OrdersClient<Channel> {
    let endpoint = Endpoint::from_shared(address).unwrap();
    OrdersClient::new(endpoint.connect().await.unwrap())
}

/// Places orders until the server is gone; what it was answered, and the call that is lost.
pub(crate) async fn place(address: String, answered: mpsc::Sender<i64>) -> Option<Status> {
    let mut client = client(address).await;
    loop {
        let item = "tea".to_owned();
        match client.place(NewOrder { item }).await {
            Ok(placed) => answered.send(placed.into_inner().id).await.unwrap(),
            Err(status) if was_never_taken(&status) => return None,
            Err(status) => return Some(status),
        }
    }
}

/// The orders in the database, with their states.
pub(crate) async fn states(folder: &Path) -> Vec<(i64, String)> {
    let options = SqliteConnectOptions::new()
        .filename(folder.join("orders.db"))
        .read_only(true);
    let mut db = SqliteConnection::connect_with(&options).await.unwrap();
    let (backlog,): (i64,) = sqlx::query_as("SELECT COUNT(*) FROM outbox")
        .fetch_one(&mut db)
        .await
        .unwrap();
    assert_eq!(backlog, 0, "everything has reached the broker");
    sqlx::query_as("SELECT id, state FROM orders")
        .fetch_all(&mut db)
        .await
        .unwrap()
}

/// The orders of which the broker knows that they are in this state.
pub(crate) fn told(folder: &Path, state: &str) -> BTreeSet<i64> {
    let topic = std::fs::read_to_string(folder.join("topic")).unwrap();
    let messages = topic
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let of_state = messages.filter(|message| message["state"] == state);
    of_state
        .map(|message| message["order"].as_i64().unwrap())
        .collect()
}
