//! Orders are taken from a topic of Kafka, billed, and their bills sent to another one.
//!
//! `cargo run -p graceful-clients --example kafka --features rdkafka`, then Ctrl-C. No server is needed: unless
//! `KAFKA=host:port` names one, `librdkafka`'s mock cluster runs inside the process.
//!
//! To be seen: what is in hand is finished, what failed is tried again or put aside, every bill is sent, and the report says what became
//! of the orders.

use graceful_clients::consumer::{Backoff, Consumer};
use graceful_clients::rdkafka::{KafkaMessage, KafkaSource};
use rdkafka::config::ClientConfig;
use rdkafka::error::KafkaResult;
use rdkafka::message::Message as _;
use rdkafka::producer::{FutureProducer, FutureRecord, Producer as _};
use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::task::JoinHandle;

#[derive(graceful::Shutdown)]
struct Billing {
    /// Who places the orders: here, so that there are some.
    #[shutdown(timeout = "1s")]
    shop: JoinHandle<()>,
    #[shutdown(timeout = "10s")]
    orders: Consumer,
    /// Behind it: the last bills are sent while the orders are finished.
    #[shutdown(timeout = "5s", with = graceful_clients::rdkafka::flush)]
    bills: FutureProducer,
}

#[graceful::main(timeout = "20s", report = "always")]
async fn main() -> KafkaResult<Billing> {
    let (bills, address) = connect()?;
    let mut group = ClientConfig::new();
    group
        .set("bootstrap.servers", address)
        .set("group.id", "billing")
        .set("auto.offset.reset", "earliest");
    let source = KafkaSource::open(&group, &["orders"])?;

    let billed = Arc::new(Billed::default());
    let producer = bills.clone();
    let orders = Consumer::of(source)
        .concurrency(8)
        .backoff(Backoff::new(
            Duration::from_millis(50),
            Duration::from_secs(1),
        ))
        .dead_letter(3, async |order: Arc<KafkaMessage>, why| {
            println!("put aside: order {}: {why}", number(&order));
        })
        .run("orders", move |order| {
            bill(order, producer.clone(), billed.clone())
        });

    let shop = tokio::spawn(place_orders(bills.clone()));
    Ok(Billing {
        shop,
        orders,
        bills,
    })
}

/// The numbers that have been billed. An order comes again where a process was killed: its customer is billed once. In
/// production they are in the database, written in the transaction that books the bill.
#[derive(Default)]
struct Billed(Mutex<HashSet<u64>>);

impl Billed {
    fn is_new(&self, order: u64) -> bool {
        self.0.lock().expect("nobody panics with it").insert(order)
    }

    fn take_back(&self, order: u64) {
        self.0.lock().expect("nobody panics with it").remove(&order);
    }
}

async fn bill(
    order: Arc<KafkaMessage>,
    bills: FutureProducer,
    billed: Arc<Billed>,
) -> Result<(), String> {
    let number = number(&order);
    if !billed.is_new(number) {
        return Ok(());
    }
    tokio::time::sleep(Duration::from_millis(20)).await;
    if number % 50 == 13 {
        billed.take_back(number);
        return Err("no such customer".to_owned());
    }
    let text = format!("bill for order {number}");
    let sent = bills.send(FutureRecord::<(), _>::to("bills").payload(&text), None);
    if let Err((error, _)) = sent.await {
        billed.take_back(number);
        return Err(error.to_string());
    }
    Ok(())
}

fn number(order: &KafkaMessage) -> u64 {
    let text = order.payload_view::<str>().and_then(Result::ok);
    text.and_then(|text| text.parse().ok()).unwrap_or_default()
}

async fn place_orders(orders: FutureProducer) {
    let mut number = 0_u64;
    while !graceful::is_requested() {
        let text = number.to_string();
        let record = FutureRecord::<(), _>::to("orders").payload(&text);
        if orders.send_result(record).is_ok() {
            number += 1;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    println!("{number} orders were placed");
}

/// The producer, and where the brokers are.
fn connect() -> KafkaResult<(FutureProducer, String)> {
    let mut config = ClientConfig::new();
    if let Ok(address) = std::env::var("KAFKA") {
        let producer = config.set("bootstrap.servers", &address).create()?;
        return Ok((producer, address));
    }
    let producer: FutureProducer = config.set("test.mock.num.brokers", "1").create()?;
    let cluster = producer.client().mock_cluster();
    let address = cluster.expect("it was asked for").bootstrap_servers();
    Ok((producer, address))
}
