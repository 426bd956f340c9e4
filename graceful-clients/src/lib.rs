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
#[cfg(feature = "bb8")]
#[cfg_attr(docsrs, doc(cfg(feature = "bb8")))]
pub mod bb8;
#[cfg(feature = "consumer")]
#[cfg_attr(docsrs, doc(cfg(feature = "consumer")))]
pub mod consumer;
#[cfg(feature = "deadpool")]
#[cfg_attr(docsrs, doc(cfg(feature = "deadpool")))]
pub mod deadpool;
#[cfg(feature = "fs")]
#[cfg_attr(docsrs, doc(cfg(feature = "fs")))]
pub mod fs;
#[cfg(feature = "lapin")]
#[cfg_attr(docsrs, doc(cfg(feature = "lapin")))]
pub mod lapin;
#[cfg(any(
    feature = "async-nats",
    feature = "lapin",
    feature = "mongodb",
    feature = "rdkafka",
    feature = "rumqttc",
    feature = "sqlx-mysql",
    feature = "sqlx-postgres"
))]
mod limit;
#[cfg(feature = "mongodb")]
#[cfg_attr(docsrs, doc(cfg(feature = "mongodb")))]
pub mod mongodb;
#[cfg(feature = "opentelemetry_sdk")]
#[cfg_attr(docsrs, doc(cfg(feature = "opentelemetry_sdk")))]
pub mod opentelemetry_sdk;
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
#[cfg(any(
    feature = "bb8",
    feature = "deadpool",
    feature = "mongodb",
    feature = "sqlx",
    feature = "tokio-postgres"
))]
mod tell;
#[cfg(feature = "rdkafka")]
mod thread;
#[cfg(feature = "tokio-postgres")]
#[cfg_attr(docsrs, doc(cfg(feature = "tokio-postgres")))]
pub mod tokio_postgres;
