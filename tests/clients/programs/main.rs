//! A service that holds one client: `holder <client> <case>`, with the server's port in `PORT`.

#[cfg(feature = "async-nats")]
mod async_nats;
#[cfg(feature = "consumer")]
mod journal;
#[cfg(feature = "lapin")]
mod lapin;
#[cfg(feature = "rdkafka")]
mod rdkafka;
#[cfg(feature = "redis")]
mod redis;
#[cfg(feature = "redis-streams")]
mod redis_streams;
#[cfg(feature = "rumqttc")]
mod rumqttc;

use std::process::ExitCode;

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
        #[cfg(feature = "rdkafka")]
        "rdkafka" => rdkafka::run(case),
        #[cfg(feature = "redis")]
        "redis" => redis::run(case),
        #[cfg(feature = "redis-streams")]
        "redis-streams" => redis_streams::run(case),
        #[cfg(feature = "rumqttc")]
        "rumqttc" => rumqttc::run(case),
        client => panic!("no client {client:?} with case {case:?} in this build"),
    }
}
