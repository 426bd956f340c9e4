//! Where messages go: Kafka, or a file that stands for it.

#[cfg(not(feature = "kafka"))]
mod file;
#[cfg(feature = "kafka")]
mod kafka;

#[cfg(not(feature = "kafka"))]
pub(crate) use file::Broker;
#[cfg(feature = "kafka")]
pub(crate) use kafka::Broker;
