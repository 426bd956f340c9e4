//! The servers: how each is started, and what it is asked.

#[cfg(feature = "rdkafka")]
pub(crate) mod kafka;
#[cfg(feature = "sqlx")]
pub(crate) mod mariadb;
#[cfg(feature = "rumqttc")]
pub(crate) mod mosquitto;
#[cfg(feature = "async-nats")]
pub(crate) mod nats;
#[cfg(feature = "sqlx")]
pub(crate) mod postgres;
#[cfg(feature = "lapin")]
pub(crate) mod rabbitmq;
#[cfg(feature = "redis")]
pub(crate) mod redis;
