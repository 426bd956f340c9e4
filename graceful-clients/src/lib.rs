//! Closes for what a service holds: databases, caches, brokers, telemetry, files; and the one loop of every consumer of
//! messages.
//!
//! ```toml
//! [dependencies]
//! graceful-app = "0.1"
//! graceful-clients = { version = "0.1", features = ["rdkafka", "sqlx-postgres"] } # none is on by default
//! ```
//!
//! Each client has a module, behind the feature of its name. What it has is a function for `#[shutdown(with = …)]`, a type
//! for the field, or a `Source` for the consumer:
//!
//! ```
//! # #[cfg(all(feature = "rdkafka", feature = "sqlx-postgres"))]
//! # mod example {
//! use graceful_clients::consumer::Consumer;
//! use graceful_clients::sqlx::Pool;
//! use rdkafka::producer::FutureProducer;
//! use sqlx::Postgres;
//!
//! #[derive(graceful::Shutdown)]
//! #[shutdown(timeout = "20s")]
//! struct App {
//!     #[shutdown(timeout = "10s")] // a topic: what is in hand is finished and committed
//!     orders: Consumer,
//!     #[shutdown(timeout = "5s", with = graceful_clients::rdkafka::flush)]
//!     bills: FutureProducer,
//!     #[shutdown(timeout = "4s")] // leaves no session in the server
//!     db: Pool<Postgres>,
//! }
//! # }
//! ```
//!
//! Most clients need none of this: one call closes them, and the [derive] makes it (`method = close`, `drop`). The guide's
//! page of clients, `docs/clients.md` in the repository, has the line for each, what closing does, and what is lost at its
//! limit. A close that waits for a server's answer ends with an error shortly before its limit: what is cut there can't say
//! anything any more.
//!
//! The package needs Rust 1.85, each feature what its client needs. It uses the public API of [`graceful_runtime`] alone.
//!
//! [derive]: https://docs.rs/graceful-app/latest/graceful/derive.Shutdown.html

#![cfg_attr(docsrs, feature(doc_cfg))]
// They panic where the reader is gone.
#![cfg_attr(not(test), warn(clippy::print_stdout, clippy::print_stderr))]

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
#[cfg(any(
    feature = "async-nats",
    feature = "mongodb",
    feature = "sqlx-mysql",
    feature = "sqlx-postgres",
    feature = "tokio-postgres"
))]
mod patience;
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
