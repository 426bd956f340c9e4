//! What a service holds, closed under load, against the real servers: each test starts one of its own.

#[cfg(feature = "consumer")]
mod by_hand;
#[cfg(feature = "consumer")]
mod consumers;
#[cfg(feature = "databases")]
mod databases;
mod kit;
#[cfg(feature = "consumer")]
mod million;
mod servers;
#[cfg(feature = "consumer")]
mod stops;

#[cfg(feature = "async-nats")]
mod async_nats;
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
#[cfg(any(feature = "fred", feature = "redis"))]
mod redis;
#[cfg(feature = "redis-streams")]
mod redis_streams;
#[cfg(feature = "rumqttc")]
mod rumqttc;
#[cfg(feature = "sea-orm")]
mod sea_orm;
#[cfg(feature = "sentry")]
mod sentry;
#[cfg(feature = "sqlx")]
mod sqlx;
#[cfg(any(feature = "bb8", feature = "deadpool", feature = "tokio-postgres"))]
mod tokio_postgres;
#[cfg(feature = "tracing-appender")]
mod tracing_appender;

/// Each feature of this package, and whether it is on.
const CLIENTS: &[(&str, bool)] = &[
    ("async-nats", cfg!(feature = "async-nats")),
    ("bb8", cfg!(feature = "bb8")),
    ("bb8-redis", cfg!(feature = "bb8-redis")),
    ("consumer", cfg!(feature = "consumer")),
    ("deadpool", cfg!(feature = "deadpool")),
    ("deadpool-redis", cfg!(feature = "deadpool-redis")),
    ("fred", cfg!(feature = "fred")),
    ("lapin", cfg!(feature = "lapin")),
    ("mongodb", cfg!(feature = "mongodb")),
    ("opentelemetry_sdk", cfg!(feature = "opentelemetry_sdk")),
    ("rdkafka", cfg!(feature = "rdkafka")),
    ("redis", cfg!(feature = "redis")),
    ("redis-streams", cfg!(feature = "redis-streams")),
    ("rumqttc", cfg!(feature = "rumqttc")),
    ("sea-orm", cfg!(feature = "sea-orm")),
    ("sentry", cfg!(feature = "sentry")),
    ("sqlx", cfg!(feature = "sqlx")),
    ("tokio-postgres", cfg!(feature = "tokio-postgres")),
    ("tracing-appender", cfg!(feature = "tracing-appender")),
];

/// A client is built only where its feature is on, and what is not built can't fail.
#[test]
fn what_is_left_out_is_said() {
    let left_out: Vec<_> = CLIENTS.iter().filter(|(_, is_on)| !is_on).collect();
    if left_out.is_empty() {
        return;
    }
    let names: Vec<_> = left_out.iter().map(|(name, _)| *name).collect();
    kit::say(&format!(
        "left out: the clients {}; to test them all: cargo test -p graceful-clients-tests --all-features",
        names.join(", ")
    ));
    assert!(
        !kit::servers_are_required(),
        "{} is set, and features are off: {names:?}",
        kit::REQUIRE
    );
}
