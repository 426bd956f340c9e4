//! The servers: how each is started, and what it is asked.

#[cfg(feature = "rdkafka")]
pub(crate) mod kafka;
#[cfg(feature = "sqlx")]
pub(crate) mod mariadb;
#[cfg(feature = "sqlx")]
pub(crate) mod postgres;
#[cfg(feature = "redis")]
pub(crate) mod redis;
