//! What the adapter costs while nothing stops: requests a second and the 99th percentile of their time,
//! beside `axum::serve`, in turns, by `wrk`. Where other things run on the machine, the server's own processor time
//! says more than the requests that it had time for. Each turn has processes of its own: where one came to lie in memory
//! decides over some 5 % for as long as it lives. So each ratio is said with where it may as well be.

#[cfg(unix)]
#[tokio::main]
async fn main() {
    unix::run().await;
}

#[cfg(not(unix))]
fn main() {}

#[cfg(unix)]
mod unix {
    use graceful_load::Replica;
    use std::fmt;
    use std::process::Command;
    use std::time::Duration;

    /// Unless another number is asked for, as `-- 100`.
    const TURNS: usize = 40;

    struct Load {
        name: &'static str,
        /// Of `wrk`.
        arguments: &'static [&'static str],
    }

    const LOADS: &[Load] = &[
        Load {
            name: "1 connection",
            arguments: &["-c1"],
        },
        Load {
            name: "64 connections",
            arguments: &["-c64"],
        },
        Load {
            name: "64 clients, a connection for each request",
            arguments: &["-c64", "-HConnection: close"],
        },
    ];

    struct Turn {
        per_second: f64,
        p99_ms: f64,
        /// Of the server's processor time, in the kernel too.
        us_each: f64,
    }

    pub(super) async fn run() {
        // Cargo adds `--bench`.
        let asked = std::env::args().find_map(|argument| argument.parse().ok());
        let turns = asked.unwrap_or(TURNS);
        for load in LOADS {
            compare(load, turns).await;
        }
    }

    async fn compare(load: &Load, turns: usize) {
        let (mut all_plain, mut all_graceful) = (Vec::new(), Vec::new());
        let (mut ratios, mut costs, mut late) = (Vec::new(), Vec::new(), Vec::new());
        for turn in 0..turns {
            let plain = Replica::start(env!("CARGO_BIN_EXE_plain"), 0, &[]).await;
            let graceful = Replica::start(env!("CARGO_BIN_EXE_graceful"), 0, &[]).await;
            // Each is the first as often as the other.
            let (by_plain, by_graceful) = if turn % 2 == 0 {
                let by_plain = wrk(load, &plain);
                (by_plain, wrk(load, &graceful))
            } else {
                let by_graceful = wrk(load, &graceful);
                (wrk(load, &plain), by_graceful)
            };
            let (Some(by_plain), Some(by_graceful)) = (by_plain, by_graceful) else {
                println!("skipped: wrk is not installed");
                return;
            };
            ratios.push(by_graceful.per_second / by_plain.per_second);
            costs.push(by_plain.us_each / by_graceful.us_each);
            late.push(by_graceful.p99_ms / by_plain.p99_ms);
            all_plain.push(by_plain);
            all_graceful.push(by_graceful);
        }
        println!("{}, the medians of {turns} turns", load.name);
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

    fn wrk(load: &Load, server: &Replica) -> Option<Turn> {
        let before = server.processor_nanoseconds();
        let output = Command::new("wrk")
            .args(["-t1", "-d1s", "--latency"])
            .args(load.arguments)
            .arg(format!("http://{}/fast", server.address))
            .output()
            .ok()?;
        let said = String::from_utf8(output.stdout).expect("it is UTF-8");
        let after = |label: &str| {
            let line = said
                .lines()
                .find_map(|line| line.trim().strip_prefix(label));
            line.unwrap_or_else(|| panic!("{said}")).trim().to_owned()
        };
        let p99 = after("99%");
        let units = p99.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
        let number: f64 = p99[..p99.len() - units.len()].parse().expect("a number");
        let in_ms = match units {
            "us" => 0.001,
            "ms" => 1.0,
            "s" => 1000.0,
            other => panic!("{other}"),
        };
        let took = Duration::from_nanos(server.processor_nanoseconds() - before);
        let requests = said.lines().find(|line| line.contains(" requests in "));
        let requests = requests.and_then(|line| line.split_whitespace().next());
        let requests: f64 = requests
            .and_then(|text| text.parse().ok())
            .expect("a number");
        Some(Turn {
            us_each: took.as_secs_f64() * 1e6 / requests,
            per_second: after("Requests/sec:").parse().expect("a number"),
            p99_ms: number * in_ms,
        })
    }
}
