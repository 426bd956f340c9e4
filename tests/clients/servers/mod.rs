//! The servers: how each is started, and what it is asked.

#[cfg(feature = "opentelemetry_sdk")]
pub(crate) mod collector;
#[cfg(feature = "sentry")]
pub(crate) mod envelopes;
#[cfg(feature = "rdkafka")]
pub(crate) mod kafka;
#[cfg(feature = "sqlx")]
pub(crate) mod mariadb;
#[cfg(feature = "mongodb")]
pub(crate) mod mongodb;
#[cfg(feature = "rumqttc")]
pub(crate) mod mosquitto;
#[cfg(feature = "async-nats")]
pub(crate) mod nats;
#[cfg(feature = "databases")]
pub(crate) mod postgres;
#[cfg(feature = "lapin")]
pub(crate) mod rabbitmq;
#[cfg(any(feature = "fred", feature = "redis"))]
pub(crate) mod redis;
