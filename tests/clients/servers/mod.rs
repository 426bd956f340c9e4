//! The servers: how each is started.

#[cfg(feature = "rdkafka")]
pub(crate) mod kafka;
#[cfg(feature = "redis")]
pub(crate) mod redis;
