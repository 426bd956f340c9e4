//! Closes for what a service holds: databases, caches, brokers, telemetry. They are functions for
//! `#[shutdown(with = …)]` of [`graceful-app`](https://docs.rs/graceful-app), one module a client, each behind the
//! feature of that name.
//!
//! They use the public API of [`graceful_runtime`] alone.

#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "consumer")]
#[cfg_attr(docsrs, doc(cfg(feature = "consumer")))]
pub mod consumer;
#[cfg(feature = "consumer")]
#[cfg_attr(docsrs, doc(cfg(feature = "consumer")))]
pub mod queue;
#[cfg(feature = "rdkafka")]
#[cfg_attr(docsrs, doc(cfg(feature = "rdkafka")))]
pub mod rdkafka;
#[cfg(feature = "rdkafka")]
mod thread;
