//! Closes for what a service holds: databases, caches, brokers, telemetry. They are functions for
//! `#[shutdown(with = …)]` of [`graceful-app`](https://docs.rs/graceful-app) and a few field types, one module a
//! client, each behind the feature of that name.
//!
//! Most clients need none of them: one call closes them, and the attribute makes that. The guide says which, and what
//! closing does.
//!
//! They use the public API of [`graceful_runtime`] alone.

#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "async-nats")]
#[cfg_attr(docsrs, doc(cfg(feature = "async-nats")))]
pub mod async_nats;
#[cfg(feature = "consumer")]
#[cfg_attr(docsrs, doc(cfg(feature = "consumer")))]
pub mod consumer;
#[cfg(feature = "lapin")]
#[cfg_attr(docsrs, doc(cfg(feature = "lapin")))]
pub mod lapin;
#[cfg(any(
    feature = "async-nats",
    feature = "lapin",
    feature = "rdkafka",
    feature = "rumqttc"
))]
mod limit;
#[cfg(feature = "consumer")]
#[cfg_attr(docsrs, doc(cfg(feature = "consumer")))]
pub mod queue;
#[cfg(feature = "rdkafka")]
#[cfg_attr(docsrs, doc(cfg(feature = "rdkafka")))]
pub mod rdkafka;
#[cfg(feature = "redis-streams")]
#[cfg_attr(docsrs, doc(cfg(feature = "redis-streams")))]
pub mod redis_streams;
#[cfg(feature = "rumqttc")]
#[cfg_attr(docsrs, doc(cfg(feature = "rumqttc")))]
pub mod rumqttc;
#[cfg(feature = "sqlx")]
#[cfg_attr(docsrs, doc(cfg(feature = "sqlx")))]
pub mod sqlx;
#[cfg(feature = "sqlx")]
mod tell;
#[cfg(feature = "rdkafka")]
mod thread;
