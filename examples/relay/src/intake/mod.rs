//! Where payments come from: Kafka, or a file that stands for it.

#[cfg(not(feature = "kafka"))]
mod file;
#[cfg(feature = "kafka")]
mod kafka;

#[cfg(not(feature = "kafka"))]
pub(crate) use file::{Message, subscribe, text};
#[cfg(feature = "kafka")]
pub(crate) use kafka::{Message, subscribe, text};
