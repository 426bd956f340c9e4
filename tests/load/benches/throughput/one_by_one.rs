//! One client, who waits for each answer, and asks the other server then. With a second for each server the machine decides
//! over the percentile: it was 40 to 230 µs for either.

use crate::turn::Turn;
use graceful_load::Replica;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// Some half a second of them for each server.
const REQUESTS: u32 = 20_000;

/// Who was the second is the first at the next request: what comes behind the other's answer finds the machine as that left it.
pub(crate) fn ask(servers: [&Replica; 2]) -> [Turn; 2] {
    let before = servers.map(Replica::processor_nanoseconds);
    let mut connections = servers.map(connect);
    let mut times = [Vec::new(), Vec::new()];
    for request in 0..REQUESTS {
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
            per_second: 1.0 / (took / REQUESTS).as_secs_f64(),
            p99_ms: times[times.len() * 99 / 100].as_secs_f64() * 1e3,
            us_each: (Duration::from_nanos(worked) / REQUESTS).as_secs_f64() * 1e6,
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
    let mut answer = [0; 4096];
    let asked = connection.write_all(b"GET /fast HTTP/1.1\r\nhost: localhost\r\n\r\n");
    asked
        .and_then(|()| connection.read(&mut answer))
        .expect("it answers");
    let took = begun.elapsed();
    assert!(answer.starts_with(b"HTTP/1.1 200 "), "it answers");
    took
}
