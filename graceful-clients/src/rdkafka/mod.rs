//! Kafka, through [`rdkafka`](https://docs.rs/rdkafka): producers that are flushed, and topics as the source of a
//! [`Consumer`](crate::consumer::Consumer).
//!
//! Closing through `librdkafka` blocks for as long as a broker does not answer. Here that happens on threads
//! of its own, so a limit holds.

mod context;
mod flush;
mod message;
mod offsets;
mod source;

pub use flush::{Unsent, flush};
pub use message::KafkaMessage;
pub use source::KafkaSource;
