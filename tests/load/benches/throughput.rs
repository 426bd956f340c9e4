//! What the adapter costs while nothing stops: requests a second and the 99th percentile of their time,
//! beside `axum::serve`, in turns. Where other things run on the machine, the server's own processor time
//! says more than the requests that it had time for. Each turn has processes of its own: where one came to lie in memory
//! decides over some 5 % for as long as it lives. So each ratio is said with where it may as well be.
//!
//! The loads of 64 are `wrk`'s, a second for each server. One connection asks both by turns, request by request: of a second for
//! each the machine decides over the percentile (40 to 230 µs for either server).

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
    use std::io::{Read as _, Write as _};
    use std::net::TcpStream;
    use std::process::Command;
    use std::time::{Duration, Instant};

    /// Unless another number is asked for, as `-- 100`, and perhaps one load alone: `-- 240 '64 connections'`.
    const TURNS: usize = 40;

    /// Some half a second of them for each server.
    const ONE_BY_ONE: u32 = 20_000;

    struct Load {
        name: &'static str,
        /// Of both, in this order; none where `wrk` is not installed.
        ask: fn([&Replica; 2]) -> Option<[Turn; 2]>,
    }

    const LOADS: &[Load] = &[
        Load {
            name: "1 connection",
            ask: |servers| Some(one_by_one(servers)),
        },
        Load {
            name: "64 connections",
            ask: |servers| wrk_each(&["-c64"], servers),
        },
        Load {
            name: "64 clients, a connection for each request",
            ask: |servers| wrk_each(&["-c64", "-HConnection: close"], servers),
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
        let asked = || {
            std::env::args()
                .skip(1)
                .filter(|argument| argument != "--bench")
        };
        let turns = asked().find_map(|argument| argument.parse().ok());
        let alone = asked().find(|argument| argument.parse::<usize>().is_err());
        for load in LOADS {
            if alone.as_ref().is_none_or(|name| name == load.name) {
                compare(load, turns.unwrap_or(TURNS)).await;
            }
        }
    }

    async fn compare(load: &Load, turns: usize) {
        let (mut all_plain, mut all_graceful) = (Vec::new(), Vec::new());
        let (mut ratios, mut costs, mut late) = (Vec::new(), Vec::new(), Vec::new());
        for turn in 0..turns {
            let plain = Replica::start(env!("CARGO_BIN_EXE_plain"), 0, &[]).await;
            let graceful = Replica::start(env!("CARGO_BIN_EXE_graceful"), 0, &[]).await;
            // Each is the first as often as the other.
            let turn = if turn % 2 == 0 {
                (load.ask)([&plain, &graceful])
            } else {
                (load.ask)([&graceful, &plain])
                    .map(|[by_graceful, by_plain]| [by_plain, by_graceful])
            };
            let Some([by_plain, by_graceful]) = turn else {
                println!("{}: skipped, wrk is not installed", load.name);
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

    /// One client, who waits for each answer, and asks the other server then; who was the second is the first at the next
    /// request: what comes behind the other's answer finds the machine as that left it.
    fn one_by_one(servers: [&Replica; 2]) -> [Turn; 2] {
        let before = servers.map(Replica::processor_nanoseconds);
        let mut connections = servers.map(connect);
        let mut times = [Vec::new(), Vec::new()];
        for request in 0..ONE_BY_ONE {
            let order = if request % 2 == 0 { [0, 1] } else { [1, 0] };
            for server in order {
                times[server].push(time(&mut connections[server]));
            }
        }
        [0, 1].map(|server| {
            let worked = servers[server].processor_nanoseconds() - before[server];
            let times = &mut times[server];
            let took: Duration = times.iter().sum();
            times.sort_unstable();
            Turn {
                per_second: 1.0 / (took / ONE_BY_ONE).as_secs_f64(),
                p99_ms: times[times.len() * 99 / 100].as_secs_f64() * 1e3,
                us_each: (Duration::from_nanos(worked) / ONE_BY_ONE).as_secs_f64() * 1e6,
            }
        })
    }

    fn connect(server: &Replica) -> TcpStream {
        let connection = TcpStream::connect(server.address).expect("it listens");
        connection.set_nodelay(true).expect("it is a socket");
        connection
    }

    /// From a request to its answer, which is shorter than a packet.
    fn time(connection: &mut TcpStream) -> Duration {
        let begun = Instant::now();
        let asked = connection.write_all(b"GET /fast HTTP/1.1\r\nhost: localhost\r\n\r\n");
        let answered = asked.and_then(|()| connection.read(&mut [0; 4096]));
        assert!(answered.is_ok_and(|bytes| bytes > 0), "it answers");
        begun.elapsed()
    }

    fn wrk_each(arguments: &[&str], [first, second]: [&Replica; 2]) -> Option<[Turn; 2]> {
        Some([wrk(arguments, first)?, wrk(arguments, second)?])
    }

    fn wrk(arguments: &[&str], server: &Replica) -> Option<Turn> {
        let before = server.processor_nanoseconds();
        let output = Command::new("wrk")
            .args(["-t1", "-d1s", "--latency"])
            .args(arguments)
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
