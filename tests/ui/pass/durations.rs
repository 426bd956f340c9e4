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

fn main() {
    let limits: Vec<_> = App::PLAN.steps().iter().filter_map(|step| step.declared()).collect();
    let micros = Duration::from_micros(250);
    let all = Duration::new(3723, 4_000_005);
    let spaced = Duration::from_secs(90);
    assert_eq!(limits, [Duration::from_secs(5), micros, micros, micros, all, spaced]);
}
