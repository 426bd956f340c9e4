//! What a service holds, closed under load, against the real servers: each test starts one of its own.

#[cfg(feature = "consumer")]
mod consumers;
#[cfg(feature = "sqlx")]
mod databases;
mod kit;
#[cfg(feature = "consumer")]
mod million;
mod servers;

#[cfg(feature = "async-nats")]
mod async_nats;
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
#[cfg(feature = "sqlx")]
mod sqlx;

/// Each feature of this package, and whether it is on.
const CLIENTS: &[(&str, bool)] = &[
    ("async-nats", cfg!(feature = "async-nats")),
    ("consumer", cfg!(feature = "consumer")),
    ("lapin", cfg!(feature = "lapin")),
    ("rdkafka", cfg!(feature = "rdkafka")),
    ("redis", cfg!(feature = "redis")),
    ("redis-streams", cfg!(feature = "redis-streams")),
    ("rumqttc", cfg!(feature = "rumqttc")),
    ("sqlx", cfg!(feature = "sqlx")),
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
