use graceful::Shutdown;
use std::time::Duration;

#[derive(Shutdown)]
struct App {
    #[shutdown(drop, timeout = "5s")]
    seconds: String,
    #[shutdown(drop, timeout = "250us")]
    microseconds: String,
    #[shutdown(drop, timeout = "250µs")]
    micro_sign: String,
    #[shutdown(drop, timeout = "250μs")]
    greek_mu: String,
    #[shutdown(drop, timeout = r"1h 2min 3s 4ms 5ns")]
    all: String,
    #[shutdown(drop, timeout = "1m 30 sec")]
    as_the_environment_has_it: String,
}

const FIVE: Duration = Duration::from_secs(5);
const SECONDS: &str = " 1m  30 sec ";

#[derive(Shutdown)]
#[shutdown(timeout = Self::TOTAL)]
struct Constants {
    #[shutdown(drop, timeout = FIVE)]
    duration: String,
    #[shutdown(drop, timeout = self::SECONDS)]
    words: String,
    #[shutdown(drop, timeout = <Self as Limits>::LIMIT)]
    of_trait: String,
}

trait Limits {
    const LIMIT: &'static str;
}

impl Limits for Constants {
    const LIMIT: &'static str = "250us";
}

impl Constants {
    const TOTAL: Duration = Duration::from_secs(100);

    #[graceful::main(timeout = Self::TOTAL, flavor = "current_thread")]
    async fn run(&self) {}
}

#[derive(Shutdown)]
struct Generic<T> {
    #[shutdown(drop, timeout = Self::LIMIT)]
    field: T,
}

impl<T> Generic<T> {
    const LIMIT: Duration = Duration::from_micros(250);
}

#[graceful::main(
    timeout = SECONDS, delay = FIVE, grace = Constants::TOTAL, pre_stop = FIVE, blocking_grace = SECONDS,
    flavor = "current_thread"
)]
async fn options() {}

fn main() {
    options();
    let constants = Constants { duration: String::new(), words: String::new(), of_trait: String::new() };
    constants.run();
    let limits = [Constants::PLAN, Generic::<String>::PLAN].map(|plan| {
        plan.steps().iter().filter_map(|step| step.declared()).collect::<Vec<_>>()
    });
    let micros = Duration::from_micros(250);
    assert_eq!(limits, [vec![FIVE, Duration::from_secs(90), micros], vec![micros]]);

    let limits: Vec<_> = App::PLAN.steps().iter().filter_map(|step| step.declared()).collect();
    let micros = Duration::from_micros(250);
    let all = Duration::new(3723, 4_000_005);
    let spaced = Duration::from_secs(90);
    assert_eq!(limits, [Duration::from_secs(5), micros, micros, micros, all, spaced]);
}
