//! The servers: how each is started.

#[cfg(feature = "rdkafka")]
pub(crate) mod kafka;
#[cfg(feature = "rumqttc")]
pub(crate) mod mosquitto;
#[cfg(feature = "async-nats")]
pub(crate) mod nats;
#[cfg(feature = "lapin")]
pub(crate) mod rabbitmq;
#[cfg(feature = "redis")]
pub(crate) mod redis;
