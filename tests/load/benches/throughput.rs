//! What the adapter costs while nothing stops: requests a second and the 99th percentile of their time,
//! beside `axum::serve`. Both are asked by turns, round by round: of a second for each the machine decides over the percentile
//! (40 to 230 µs for either server, with one connection). Where other things run on it, the server's own processor time says more
//! than the requests that it had time for. Each turn has processes of its own: where one came to lie in memory decides over some 5 %
//! for as long as it lives. So each ratio is said with where it may as well be.

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
    use std::time::{Duration, Instant};

    /// Unless another number is asked for, as `-- 100`.
    const TURNS: usize = 40;

    struct Load {
        name: &'static str,
        ask: fn([&Replica; 2]) -> [Turn; 2],
    }

    const LOADS: &[Load] = &[
        Load {
            name: "1 connection",
            ask: |servers| {
                let mut connections = servers.map(connect);
                alternate(servers, 20_000, 1, |server| {
                    request(&mut connections[server], "");
                    answer(&mut connections[server]);
                })
            },
        },
        Load {
            name: "64 connections, asked at once",
            ask: |servers| {
                let mut connections = servers.map(|server| [(); 64].map(|()| connect(server)));
                alternate(servers, 800, 64, |server| {
                    for connection in &mut connections[server] {
                        request(connection, "");
                    }
                    for connection in &mut connections[server] {
                        answer(connection);
                    }
                })
            },
        },
        Load {
            name: "a connection for each request",
            ask: |servers| {
                alternate(servers, 5_000, 1, |server| {
                    let mut connection = connect(servers[server]);
                    request(&mut connection, "connection: close\r\n");
                    answer(&mut connection);
                    let closed = connection.read(&mut [0]);
                    assert_eq!(closed.ok(), Some(0), "it is closed behind the answer");
                })
            },
        },
    ];

    struct Turn {
        per_second: f64,
        /// Until all are answered that were asked at once.
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
            let [by_plain, by_graceful] = if turn % 2 == 0 {
                (load.ask)([&plain, &graceful])
            } else {
                let [by_graceful, by_plain] = (load.ask)([&graceful, &plain]);
                [by_plain, by_graceful]
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

    /// One client, who asks the first and waits, and then the second; in the next round the other way around: what comes behind
    /// the other's answer finds the machine as that left it.
    fn alternate(
        servers: [&Replica; 2],
        rounds: u32,
        requests_each: u32,
        mut ask: impl FnMut(usize),
    ) -> [Turn; 2] {
        let before = servers.map(Replica::processor_nanoseconds);
        let mut times = [Vec::new(), Vec::new()];
        for round in 0..rounds {
            let order = if round % 2 == 0 { [0, 1] } else { [1, 0] };
            for server in order {
                let begun = Instant::now();
                ask(server);
                times[server].push(begun.elapsed());
            }
        }
        let requests = rounds * requests_each;
        [0, 1].map(|server| {
            let worked = servers[server].processor_nanoseconds() - before[server];
            let times = &mut times[server];
            let took: Duration = times.iter().sum();
            times.sort_unstable();
            Turn {
                per_second: 1.0 / (took / requests).as_secs_f64(),
                p99_ms: times[times.len() * 99 / 100].as_secs_f64() * 1e3,
                us_each: (Duration::from_nanos(worked) / requests).as_secs_f64() * 1e6,
            }
        })
    }

    fn connect(server: &Replica) -> TcpStream {
        let connection = TcpStream::connect(server.address).expect("it listens");
        connection.set_nodelay(true).expect("it is a socket");
        connection
    }

    fn request(connection: &mut TcpStream, header: &str) {
        let head = format!("GET /fast HTTP/1.1\r\nhost: localhost\r\n{header}\r\n");
        connection.write_all(head.as_bytes()).expect("it is open");
    }

    /// It is shorter than a packet.
    fn answer(connection: &mut TcpStream) {
        let answered = connection.read(&mut [0; 4096]);
        assert!(answered.is_ok_and(|bytes| bytes > 0), "it answers");
    }
}
