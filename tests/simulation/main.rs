//! Random stops, in paused time: plans × faults × requests × moments, each from a seed of its own.
//!
//! A close writes what happens to it into a journal. After the stop, journal and report are held against what has to be
//! true of any stop. A violation names its seed; `GRACEFUL_SEED=… cargo test -p graceful-simulation` runs that one alone.
//!
//! What needs a process of its own (real signals, threads that block, the forced exit) is not here: the fault matrix has it.

mod invariants;
mod journal;
mod node;
mod plan;
mod stop;

use plan::Tree;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind, set_hook, take_hook};

/// Plans live for ever, as those of programs do. So there are this many, for stops without end.
const PLANS: u64 = 2000;

fn plans() -> Vec<Tree> {
    (0..PLANS)
        .map(|seed| Tree::random(&mut fastrand::Rng::with_seed(seed)))
        .collect()
}

fn run(trees: &[Tree], seed: u64) -> stop::Tally {
    let mut random = fastrand::Rng::with_seed(seed);
    let tree = random.choice(trees).expect("there are plans");
    stop::run(tree, &mut random)
}

/// Panics of closes are part of it, and not worth a line each.
fn quietly<T>(stops: impl FnOnce() -> T) -> T {
    let hook = take_hook();
    set_hook(Box::new(|_| ()));
    let result = catch_unwind(AssertUnwindSafe(stops));
    set_hook(hook);
    result.unwrap_or_else(|panic| resume_unwind(panic))
}

fn run_all(seeds: std::ops::Range<u64>) -> stop::Tally {
    let trees = plans();
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    quietly(|| {
        std::thread::scope(|scope| {
            let (trees, seeds) = (&trees, &seeds);
            let workers: Vec<_> = (0..threads)
                .map(|first| {
                    scope.spawn(move || {
                        let mut tally = stop::Tally::default();
                        for seed in seeds.clone().skip(first).step_by(threads) {
                            match catch_unwind(|| run(trees, seed)) {
                                Ok(one) => tally += one,
                                Err(panic) => {
                                    let said = panic.downcast_ref::<String>();
                                    eprintln!(
                                        "the stop of seed {seed}: {}",
                                        said.map_or("", String::as_str)
                                    );
                                    resume_unwind(panic);
                                }
                            }
                        }
                        tally
                    })
                })
                .collect();
            let tallies = workers.into_iter().map(std::thread::ScopedJoinHandle::join);
            tallies.fold(stop::Tally::default(), |mut all, tally| {
                all += tally.unwrap_or_else(|panic| resume_unwind(panic));
                all
            })
        })
    })
}

#[test]
fn random_stops_hold_every_invariant() {
    match std::env::var("GRACEFUL_SEED") {
        Ok(seed) => println!("{}", run(&plans(), seed.parse().expect("a number"))),
        Err(_) => run_all(0..5000).assert_all_kinds_were_met(),
    }
}

#[test]
#[ignore = "a minute or two in release: see docs/reliability.md"]
fn a_million_random_stops_hold_every_invariant() {
    let tally = run_all(0..1_000_000);
    tally.assert_all_kinds_were_met();
    println!("{tally}");
}
