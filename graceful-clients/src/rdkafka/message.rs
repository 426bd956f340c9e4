//! A message of a topic.

use super::offsets::Partition;
use rdkafka::message::OwnedMessage;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

/// A message of a topic: an [`OwnedMessage`], which is read through rdkafka's trait
/// [`Message`](rdkafka::Message).
pub struct KafkaMessage {
    pub(super) message: OwnedMessage,
    pub(super) partition: Arc<Partition>,
}

impl Deref for KafkaMessage {
    type Target = OwnedMessage;

    fn deref(&self) -> &OwnedMessage {
        &self.message
    }
}

impl fmt::Debug for KafkaMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.message.fmt(f)
    }
}
