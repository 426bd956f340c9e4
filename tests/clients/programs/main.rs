//! A service that holds one client: `holder <client> <case>`, with the server's port in `PORT`.

#[cfg(feature = "async-nats")]
mod async_nats;
#[cfg(feature = "bb8")]
mod bb8;
#[cfg(feature = "deadpool")]
mod deadpool;
#[cfg(feature = "fred")]
mod fred;
#[cfg(feature = "consumer")]
mod journal;
#[cfg(feature = "lapin")]
mod lapin;
#[cfg(feature = "mongodb")]
mod mongodb;
#[cfg(feature = "opentelemetry_sdk")]
mod opentelemetry_sdk;
#[cfg(feature = "consumer")]
mod queue;
#[cfg(feature = "rdkafka")]
mod rdkafka;
#[cfg(feature = "redis")]
mod redis;
#[cfg(any(feature = "bb8-redis", feature = "deadpool-redis"))]
mod redis_pools;
#[cfg(feature = "redis-streams")]
mod redis_streams;
#[cfg(feature = "rumqttc")]
mod rumqttc;
#[cfg(feature = "sea-orm")]
mod sea_orm;
#[cfg(feature = "sentry")]
mod sentry;
#[cfg(feature = "servers")]
mod service;
#[cfg(feature = "sqlx")]
mod sqlx;
#[cfg(feature = "tokio-postgres")]
mod tokio_postgres;
#[cfg(feature = "tracing-appender")]
mod tracing_appender;

use std::process::ExitCode;
#[cfg(feature = "servers")]
use std::process::Termination as _;

fn main() -> ExitCode {
    let words: Vec<_> = std::env::args().skip(1).collect();
    let [client, case] = &words[..] else {
        panic!("holder <client> <case>");
    };
    match &**client {
        #[cfg(feature = "async-nats")]
        "async-nats" => async_nats::run(case),
        #[cfg(feature = "bb8")]
        "bb8" => bb8::main().report(),
        #[cfg(feature = "bb8-redis")]
        "bb8-redis" => redis_pools::bb8::main().report(),
        #[cfg(feature = "deadpool")]
        "deadpool" => deadpool::main().report(),
        #[cfg(feature = "deadpool-redis")]
        "deadpool-redis" => redis_pools::deadpool::main().report(),
        #[cfg(feature = "fred")]
        "fred" => fred::main().report(),
        #[cfg(feature = "lapin")]
        "lapin" => lapin::run(case),
        #[cfg(feature = "mongodb")]
        "mongodb" => mongodb::main().report(),
        #[cfg(feature = "opentelemetry_sdk")]
        "opentelemetry-last-words" => opentelemetry_sdk::last_words::main().report(),
        #[cfg(feature = "opentelemetry_sdk")]
        "opentelemetry-many-threads" => opentelemetry_sdk::many_threads::main().report(),
        #[cfg(feature = "opentelemetry_sdk")]
        "opentelemetry-one-thread" => opentelemetry_sdk::one_thread::main().report(),
        #[cfg(feature = "consumer")]
        "queue" => queue::run(case),
        #[cfg(feature = "rdkafka")]
        "rdkafka" => rdkafka::run(case),
        #[cfg(feature = "redis")]
        "redis-manager" => redis::manager::main().report(),
        #[cfg(feature = "redis")]
        "redis-multiplexed" => redis::multiplexed::main().report(),
        #[cfg(feature = "redis-streams")]
        "redis-streams" => redis_streams::run(case),
        #[cfg(feature = "redis")]
        "redis-subscriber" => redis::subscriber::main().report(),
        #[cfg(feature = "rumqttc")]
        "rumqttc" => rumqttc::run(case),
        #[cfg(feature = "sea-orm")]
        "sea-orm" => sea_orm::main().report(),
        #[cfg(feature = "sea-orm")]
        "sea-orm-alone" => sea_orm::alone::main().report(),
        #[cfg(feature = "sentry")]
        "sentry" => sentry::main().report(),
        #[cfg(feature = "sqlx")]
        "sqlx-mysql" => sqlx::mysql::main().report(),
        #[cfg(feature = "sqlx")]
        "sqlx-postgres" => sqlx::postgres::main().report(),
        #[cfg(feature = "sqlx")]
        "sqlx-postgres-alone" => sqlx::postgres::alone::main().report(),
        #[cfg(feature = "sqlx")]
        "sqlx-sqlite" => sqlx::sqlite::main().report(),
        #[cfg(feature = "tokio-postgres")]
        "tokio-postgres" => tokio_postgres::main().report(),
        #[cfg(feature = "tracing-appender")]
        "tracing-appender" => tracing_appender::main().report(),
        client => panic!("no client {client:?} with case {case:?} in this build"),
    }
}
