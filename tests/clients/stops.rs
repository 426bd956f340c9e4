//! Many messages over many stops at random moments: through `Consumer`, and through the same loop as it is written by
//! hand. Not among the tests that always run: each takes minutes.
//!
//! `MESSAGES` and `STOPS` make it smaller.

use crate::consumers::Broker;
use crate::kit::{Growing, Journal, program, say};
use graceful::Signal;
use graceful::testing::{Ended, Process};
use std::hash::{BuildHasher, RandomState};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Nothing more comes of a consumer that has been silent for so long; what is delivered again comes sooner.
const SILENCE: Duration = Duration::from_secs(20);

/// How many messages the services have in hand at a time.
pub(crate) const IN_HAND: u64 = 16;

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |text| text.parse().expect(name))
}

fn messages() -> u64 {
    number("MESSAGES", 1_000_000)
}

/// How often a service is stopped.
pub(crate) fn stops() -> u64 {
    number("STOPS", 50)
}

fn below(limit: u64) -> u64 {
    RandomState::new().hash_one(0) % limit
}

/// What the messages go through.
pub(crate) enum Way {
    Queue,
    Broker(&'static Broker),
}

/// What has become of them.
pub(crate) struct Outcome {
    all: u64,
    pub(crate) lost: u64,
    pub(crate) twice: u64,
}

impl Way {
    /// Lets this service of the client work through them: how each of its stops has to end, `check` says. `None` where
    /// the server is not installed.
    pub(crate) fn goes(&self, case: &str, check: fn(&Ended)) -> Option<Outcome> {
        let begun = Instant::now();
        let (client, outcome) = match self {
            Self::Queue => ("queue", over_queue(case, check)),
            Self::Broker(broker) => (broker.client, over_broker(broker, case, check)?),
        };
        let Outcome { all, lost, twice } = outcome;
        say(&format!(
            "{client}, {case}: {all} messages, {} stops: {lost} lost, {twice} processed twice, {:.0?}",
            stops(),
            begun.elapsed()
        ));
        Some(outcome)
    }
}

impl Outcome {
    fn of(journal: &Journal, all: u64) -> Self {
        let books = journal.books();
        Self {
            all,
            lost: books.lost(all),
            twice: books.duplicates(),
        }
    }
}

fn start(client: &str, case: &str, port: u16, journal: &Journal) -> Process {
    let mut service = program(client, case, port)
        .env("JOURNAL", journal.path())
        .patience(Duration::from_secs(100))
        .start();
    service.wait_for_line("ready");
    service
}

fn stop(service: &mut Process, check: fn(&Ended)) -> Ended {
    let ended = service.signal(Signal::Terminate).end();
    check(&ended);
    ended
}

/// A last run of the service works off what is left.
fn over_broker(broker: &Broker, case: &str, check: fn(&Ended)) -> Option<Outcome> {
    let server = broker.start()?;
    let all = messages();
    (broker.publish)(&server, 0..all);
    let journal = Journal::new();
    let mut growing = Growing::of(&journal);
    let mut moments: Vec<_> = (0..stops()).map(|_| below(all)).collect();
    moments.sort_unstable();
    for moment in moments.into_iter().chain([u64::MAX]) {
        let mut service = start(broker.client, case, server.port(), &journal);
        silent_or(&mut growing, moment);
        stop(&mut service, check);
    }
    Some(Outcome::of(&journal, all))
}

/// Waits until there are so many lines, or no more come.
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
fn over_queue(case: &str, check: fn(&Ended)) -> Outcome {
    let each = messages() / stops();
    let mut sum = Outcome {
        all: 0,
        lost: 0,
        twice: 0,
    };
    for _ in 0..stops() {
        let journal = Journal::new();
        let mut growing = Growing::of(&journal);
        let mut service = start("queue", case, 0, &journal);
        let moment = each / 2 + below(each);
        while growing.lines() < moment {
            sleep(Duration::from_millis(2));
        }
        let ended = stop(&mut service, check);
        let accepted = ended.stdout.split("accepted ").nth(1).expect("it says so");
        let outcome = Outcome::of(&journal, accepted.trim().parse().expect("a number"));
        sum.all += outcome.all;
        sum.lost += outcome.lost;
        sum.twice += outcome.twice;
    }
    sum
}

/// A test of each way, which `$judge` is called with.
macro_rules! over_each_way {
    ($judge:ident) => {
        crate::stops::over_each_way! { $judge:
            "consumer" over_a_queue crate::stops::Way::Queue;
            "async-nats" over_nats crate::stops::Way::Broker(&crate::async_nats::BROKER);
            "lapin" over_rabbitmq crate::stops::Way::Broker(&crate::lapin::BROKER);
            "rdkafka" over_kafka crate::stops::Way::Broker(&crate::rdkafka::BROKER);
            "redis-streams" over_redis_streams crate::stops::Way::Broker(&crate::redis_streams::BROKER);
        }
    };
    ($judge:ident: $($feature:literal $test:ident $way:expr;)*) => {$(
        #[cfg(feature = $feature)]
        #[test]
        #[ignore = "it takes minutes"]
        fn $test() {
            $judge(&$way);
        }
    )*};
}
pub(crate) use over_each_way;
