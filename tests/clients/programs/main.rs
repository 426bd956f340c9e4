//! A service that holds one client: `holder <client> <case>`, with the server's port in `PORT`.

#[cfg(feature = "async-nats")]
mod async_nats;
#[cfg(feature = "consumer")]
mod journal;
#[cfg(feature = "lapin")]
mod lapin;
#[cfg(feature = "consumer")]
mod queue;
#[cfg(feature = "rdkafka")]
mod rdkafka;
#[cfg(feature = "redis")]
mod redis;
#[cfg(feature = "redis-streams")]
mod redis_streams;
#[cfg(feature = "rumqttc")]
mod rumqttc;
#[cfg(feature = "servers")]
mod service;
#[cfg(feature = "sqlx")]
mod sqlx;

use std::process::{ExitCode, Termination as _};

fn main() -> ExitCode {
    let words: Vec<_> = std::env::args().skip(1).collect();
    let [client, case] = &words[..] else {
        panic!("holder <client> <case>");
    };
    match &**client {
        #[cfg(feature = "async-nats")]
        "async-nats" => async_nats::run(case),
        #[cfg(feature = "lapin")]
        "lapin" => lapin::run(case),
        #[cfg(feature = "consumer")]
        "queue" => queue::run(case),
        #[cfg(feature = "rdkafka")]
        "rdkafka" => rdkafka::run(case),
        #[cfg(feature = "redis")]
        "redis" => redis::main().report(),
        #[cfg(feature = "redis-streams")]
        "redis-streams" => redis_streams::run(case),
        #[cfg(feature = "rumqttc")]
        "rumqttc" => rumqttc::run(case),
        #[cfg(feature = "sqlx")]
        "sqlx-postgres" => sqlx::postgres::main().report(),
        #[cfg(feature = "sqlx")]
        "sqlx-mysql" => sqlx::mysql::main().report(),
        #[cfg(feature = "sqlx")]
        "sqlx-sqlite" => sqlx::sqlite::main().report(),
        client => panic!("no client {client:?} with case {case:?} in this build"),
    }
}
