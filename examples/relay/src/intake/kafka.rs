//! A topic of Kafka.

use anyhow::Context as _;
use graceful_clients::rdkafka::KafkaSource;
use rdkafka::{ClientConfig, Message as _};

pub(crate) use graceful_clients::rdkafka::KafkaMessage as Message;

pub(crate) fn text(message: &Message) -> Option<&str> {
    message.payload_view()?.ok()
}

/// Reads from where the group `relay` has come to.
pub(crate) async fn subscribe(topic: &str) -> anyhow::Result<KafkaSource> {
    let brokers = std::env::var("BROKERS").context("BROKERS")?;
    let mut config = ClientConfig::new();
    config
        .set("bootstrap.servers", brokers)
        .set("group.id", "relay")
        .set("auto.offset.reset", "earliest");
    Ok(KafkaSource::open(&config, &[topic])?)
}
