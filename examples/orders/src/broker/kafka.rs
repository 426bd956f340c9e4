//! A topic of Kafka.

use anyhow::Context as _;
use rdkafka::ClientConfig;
use rdkafka::producer::{FutureProducer, FutureRecord};
use std::time::Duration;

#[derive(Clone, graceful::Shutdown)]
pub(crate) struct Broker {
    /// All that was sent is confirmed, or the report says how many messages are not.
    #[shutdown(with = graceful_clients::rdkafka::flush)]
    producer: FutureProducer,
    topic: String,
}

impl Broker {
    #[expect(clippy::unused_async, reason = "as the other broker")]
    pub(crate) async fn connect(topic: &str) -> anyhow::Result<Self> {
        let brokers = std::env::var("BROKERS").context("BROKERS")?;
        let producer = ClientConfig::new()
            .set("bootstrap.servers", brokers)
            .set("enable.idempotence", "true")
            .set("message.timeout.ms", "5000")
            .create()?;
        Ok(Self {
            producer,
            topic: topic.to_owned(),
        })
    }

    /// Returns once the broker has confirmed the message.
    pub(crate) async fn send(&self, order: i64, state: &str) -> anyhow::Result<()> {
        let (key, payload) = (
            order.to_string(),
            serde_json::json!({ "order": order, "state": state }).to_string(),
        );
        let record = FutureRecord::to(&self.topic).key(&key).payload(&payload);
        let sent = self.producer.send(record, Duration::from_secs(5)).await;
        sent.map_err(|(error, _)| error)?;
        Ok(())
    }
}
