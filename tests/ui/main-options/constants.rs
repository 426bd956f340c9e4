//! Options that are constants are proven against each other, and against the state's plan.

use graceful::Shutdown;
use std::time::Duration;

const LONG: Duration = Duration::from_secs(30);
const SHORT: &str = "5s";
const ZERO: &str = "0";
const WORDS: &str = "one second";

#[derive(Shutdown)]
struct App {
    #[shutdown(timeout = "10s", drop)]
    log: String,
}

mod over_its_plan {
    #[graceful::main(timeout = super::SHORT)]
    pub async fn main() -> super::App {
        todo!()
    }
}

#[graceful::main(timeout = SHORT, delay = "5s")]
async fn no_time_left() {}

#[graceful::main(delay = LONG)]
async fn longer_than_the_default() {}

#[graceful::main(grace = LONG, pre_stop = "10s")]
async fn killed() {}

#[graceful::main(timeout = ZERO)]
async fn zero() {}

#[graceful::main(blocking_grace = WORDS)]
async fn no_duration() {}

#[graceful::main(delay = ZERO, blocking_grace = ZERO, timeout = LONG, grace = LONG)]
async fn fits() {}

fn main() {}

// errors: 6
