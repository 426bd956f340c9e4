//! Both servers under each load, and the ratios of what it has seen of them.

use crate::busy::{self, Connections};
use crate::one_by_one;
use crate::turn::Turn;
use graceful_load::Replica;
use std::fmt;

/// Unless another number is asked for, as `-- 100`, and perhaps one load alone: `-- 100 '64 connections'`.
const TURNS: usize = 40;

#[derive(Clone, Copy)]
enum Load {
    OneByOne,
    Busy(Connections),
}

const LOADS: &[(&str, Load)] = &[
    ("1 connection", Load::OneByOne),
    ("64 connections", Load::Busy(Connections::Kept)),
    (
        "64 clients, a connection for each request",
        Load::Busy(Connections::EachAnew),
    ),
];

impl Load {
    /// Of both, in this order.
    async fn ask(self, servers: [&Replica; 2]) -> [Turn; 2] {
        match self {
            Self::OneByOne => one_by_one::ask(servers),
            Self::Busy(connections) => busy::ask(connections, servers).await,
        }
    }
}

pub(crate) async fn run() {
    let (mut turns, mut alone) = (TURNS, None);
    // The first is the program, and cargo adds `--bench`.
    for argument in std::env::args().skip(1).filter(|given| given != "--bench") {
        match argument.parse() {
            Ok(number) => turns = number,
            Err(_) => alone = Some(argument),
        }
    }
    let mut loads = LOADS
        .iter()
        .filter(|(name, _)| alone.as_ref().is_none_or(|alone| alone == name))
        .peekable();
    assert!(loads.peek().is_some(), "no load is called {alone:?}");
    for (name, load) in loads {
        compare(name, *load, turns).await;
    }
}

async fn compare(name: &str, load: Load, turns: usize) {
    let (mut all_plain, mut all_graceful) = (Vec::new(), Vec::new());
    let (mut ratios, mut costs, mut late) = (Vec::new(), Vec::new(), Vec::new());
    for turn in 0..turns {
        let plain = Replica::start(env!("CARGO_BIN_EXE_plain"), 0, &[]).await;
        let graceful = Replica::start(env!("CARGO_BIN_EXE_graceful"), 0, &[]).await;
        // Each is the first as often as the other.
        let [by_plain, by_graceful] = if turn % 2 == 0 {
            load.ask([&plain, &graceful]).await
        } else {
            let [by_graceful, by_plain] = load.ask([&graceful, &plain]).await;
            [by_plain, by_graceful]
        };
        ratios.push(by_graceful.per_second / by_plain.per_second);
        costs.push(by_plain.us_each / by_graceful.us_each);
        late.push(by_graceful.p99_ms / by_plain.p99_ms);
        all_plain.push(by_plain);
        all_graceful.push(by_graceful);
    }
    println!("{name}, the medians of {turns} turns");
    for (name, turns) in [("axum::serve", all_plain), ("graceful::http", all_graceful)] {
        let per_second = median(turns.iter().map(|turn| turn.per_second));
        let p99 = median(turns.iter().map(|turn| turn.p99_ms));
        let us_each = median(turns.iter().map(|turn| turn.us_each));
        println!(
            "  {name:<15} {per_second:>9.0} requests/s, 99 % within {p99:.2} ms, {us_each:.2} µs of processor time each"
        );
    }
    println!(
        "  ratio {}, by processor time {}; of the 99th percentile {}",
        Ratio(ratios),
        Ratio(costs),
        Ratio(late)
    );
}

/// The median of these, and between what the true one lies in 19 of 20 runs, however the turns are distributed.
struct Ratio(Vec<f64>);

impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut turns = self.0.clone();
        turns.sort_by(f64::total_cmp);
        let count = turns.len();
        let apart = count.isqrt().min((count - 1) / 2);
        let (least, most) = (turns[(count - 1) / 2 - apart], turns[count / 2 + apart]);
        write!(f, "{:.3} ({least:.3} to {most:.3})", turns[count / 2])
    }
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
