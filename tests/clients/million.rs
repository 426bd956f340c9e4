//! A million messages over 50 stops at random moments, beside the same loop as it is written by hand. Not among the
//! tests that always run: each takes minutes.
//!
//! `MESSAGES` and `STOPS` make it smaller.

use crate::kit::{Growing, Journal, program, say};
use graceful::Signal;
use graceful::testing::Process;
use std::hash::{BuildHasher, RandomState};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Nothing more comes of a consumer that has been silent for so long; what is delivered again comes sooner.
const SILENCE: Duration = Duration::from_secs(20);

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |text| text.parse().expect(name))
}

fn messages() -> u64 {
    number("MESSAGES", 1_000_000)
}

fn stops() -> u64 {
    number("STOPS", 50)
}

fn below(limit: u64) -> u64 {
    RandomState::new().hash_one(0) % limit
}

fn start(client: &str, case: &str, port: u16, journal: &Journal) -> Process {
    let mut service = program(client, case, port)
        .env("JOURNAL", journal.path())
        .patience(Duration::from_secs(100))
        .start();
    service.wait_for_line("ready");
    service
}

/// What has become of all of it.
fn tell(client: &str, case: &str, journal: &Journal, all: u64, begun: Instant) -> u64 {
    let books = journal.books();
    let (lost, duplicates) = (books.lost(all), books.duplicates());
    say(&format!(
        "{client}, {case}: {all} messages, {} stops: {lost} lost, {duplicates} processed twice, {:.0?}",
        stops(),
        begun.elapsed()
    ));
    lost
}

#[cfg(feature = "servers")]
fn over_broker(broker: &crate::consumers::Broker, case: &str) -> Option<u64> {
    let server = broker.start()?;
    let (all, begun) = (messages(), Instant::now());
    (broker.publish)(&server, 0..all);
    let journal = Journal::new();
    let mut growing = Growing::of(&journal);
    let mut moments: Vec<_> = (0..stops()).map(|_| below(all)).collect();
    moments.sort_unstable();
    for moment in moments {
        let mut service = start(broker.client, case, server.port(), &journal);
        silent_or(&mut growing, moment);
        service.signal(Signal::Terminate).end();
    }
    let mut service = start(broker.client, case, server.port(), &journal);
    silent_or(&mut growing, u64::MAX);
    service.signal(Signal::Terminate).end();
    Some(tell(broker.client, case, &journal, all, begun))
}

/// Waits until there are so many lines, or no more come.
#[cfg(feature = "servers")]
fn silent_or(growing: &mut Growing, lines: u64) {
    let (mut before, mut since) = (growing.lines(), Instant::now());
    while before < lines && since.elapsed() < SILENCE {
        sleep(Duration::from_millis(2));
        let now = growing.lines();
        if now > before {
            (before, since) = (now, Instant::now());
        }
    }
}

/// Each stop is of a service of its own: its queue goes with it.
fn over_queue(case: &str) -> u64 {
    let (each, begun) = (messages() / stops(), Instant::now());
    let (mut all, mut lost, mut duplicates) = (0, 0, 0);
    for _ in 0..stops() {
        let journal = Journal::new();
        let mut growing = Growing::of(&journal);
        let mut service = start("queue", case, 0, &journal);
        let moment = each / 2 + below(each);
        while growing.lines() < moment {
            sleep(Duration::from_millis(2));
        }
        let ended = service.signal(Signal::Terminate).end();
        let accepted = ended.stdout.split("accepted ").nth(1).expect("it says so");
        let accepted = accepted.trim().parse().expect("a number");
        let books = journal.books();
        all += accepted;
        lost += books.lost(accepted);
        duplicates += books.duplicates();
    }
    say(&format!(
        "queue, {case}: {all} messages, {} stops: {lost} lost, {duplicates} processed twice, {:.0?}",
        stops(),
        begun.elapsed()
    ));
    lost
}

#[test]
#[ignore = "it takes minutes"]
fn a_million_over_a_queue() {
    assert_eq!(over_queue("consumer"), 0);
    over_queue("by-hand");
}

macro_rules! over_brokers {
    ($($feature:literal $module:ident $test:ident;)*) => {$(
        #[cfg(feature = $feature)]
        #[test]
        #[ignore = "it takes minutes"]
        fn $test() {
            let broker = &crate::$module::BROKER;
            assert!(over_broker(broker, "consumer").is_none_or(|lost| lost == 0));
            over_broker(broker, "by-hand");
        }
    )*};
}

over_brokers! {
    "async-nats" async_nats a_million_over_nats;
    "lapin" lapin a_million_over_rabbitmq;
    "rdkafka" rdkafka a_million_over_kafka;
    "redis-streams" redis_streams a_million_over_redis_streams;
}
