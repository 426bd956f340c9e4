//! What the adapter costs while nothing stops: requests a second and the 99th percentile of their time,
//! beside `axum::serve`, in turns, by `wrk`.

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
    use std::net::SocketAddr;
    use std::process::Command;

    const TURNS: usize = 15;

    struct Turn {
        per_second: f64,
        p99_ms: f64,
    }

    pub(super) async fn run() {
        let plain = Replica::start(env!("CARGO_BIN_EXE_plain"), 0, &[]).await;
        let graceful = Replica::start(env!("CARGO_BIN_EXE_graceful"), 0, &[]).await;
        for connections in [1, 64] {
            compare(connections, plain.address, graceful.address);
        }
    }

    fn compare(connections: u32, plain: SocketAddr, graceful: SocketAddr) {
        let (mut all_plain, mut all_graceful, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..TURNS {
            let (Some(by_plain), Some(by_graceful)) =
                (wrk(connections, plain), wrk(connections, graceful))
            else {
                println!("skipped: wrk is not installed");
                return;
            };
            ratios.push(by_graceful.per_second / by_plain.per_second);
            all_plain.push(by_plain);
            all_graceful.push(by_graceful);
        }
        println!("{connections} connections, the medians of {TURNS} turns");
        for (name, turns) in [("axum::serve", all_plain), ("graceful::http", all_graceful)] {
            let per_second = median(turns.iter().map(|turn| turn.per_second));
            let p99 = median(turns.iter().map(|turn| turn.p99_ms));
            println!("  {name:<15} {per_second:>9.0} requests/s, 99 % within {p99:.2} ms");
        }
        println!("  ratio           {:.3}", median(ratios.into_iter()));
    }

    fn median(values: impl Iterator<Item = f64>) -> f64 {
        let mut values: Vec<f64> = values.collect();
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    }

    fn wrk(connections: u32, server: SocketAddr) -> Option<Turn> {
        let output = Command::new("wrk")
            .args(["-t1", "-d1s", "--latency", "-c"])
            .arg(connections.to_string())
            .arg(format!("http://{server}/fast"))
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
        Some(Turn {
            per_second: after("Requests/sec:").parse().expect("a number"),
            p99_ms: number * in_ms,
        })
    }
}
