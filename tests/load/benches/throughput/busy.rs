//! Many clients at once, who ask again as soon as they are answered. A machine that is shared with others has another speed in each
//! fifth of a second, so each server is asked for a short while, and then the other. All clients are one thread, as those of `wrk -t1`:
//! where that is as busy as the server, only the processor time tells the two servers apart.

use crate::turn::Turn;
use graceful_load::Replica;
use std::io;
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

const CLIENTS: usize = 64;

const OK: &[u8] = b"HTTP/1.1 200 ";

/// For each server in a turn.
const SLICES: u32 = 20;

/// Some 5,000 requests: its end, where the last are answered, is few of them.
const SLICE: Duration = Duration::from_millis(50);

/// Whether a client keeps its connection.
#[derive(Clone, Copy)]
pub(crate) enum Connections {
    Kept,
    EachAnew,
}

pub(crate) async fn ask(connections: Connections, servers: [&Replica; 2]) -> [Turn; 2] {
    let mut seen = [Seen::default(), Seen::default()];
    let mut clients = [Vec::new(), Vec::new()];
    for server in [0, 1] {
        for _ in 0..CLIENTS {
            clients[server].push(Client::new(connections, servers[server].address).await);
        }
    }
    for slice in 0..SLICES {
        let order = if slice % 2 == 0 { [0, 1] } else { [1, 0] };
        for server in order {
            let before = servers[server].processor_nanoseconds();
            seen[server].slice(&mut clients[server]).await;
            seen[server].worked += servers[server].processor_nanoseconds() - before;
        }
    }
    seen.map(Seen::turn)
}

#[derive(Default)]
struct Seen {
    times: Vec<Duration>,
    took: Duration,
    worked: u64,
}

impl Seen {
    async fn slice(&mut self, clients: &mut Vec<Client>) {
        let begun = Instant::now();
        let end = begun + SLICE;
        let mut busy: JoinSet<_> = clients
            .drain(..)
            .map(|client| client.ask_until(end))
            .collect();
        while let Some(asked) = busy.join_next().await {
            let (client, times) = asked.expect("it answers");
            clients.push(client);
            self.times.extend(times);
        }
        self.took += begun.elapsed();
    }

    #[allow(clippy::cast_precision_loss, reason = "the requests of a second")]
    fn turn(mut self) -> Turn {
        let count = self.times.len();
        let (_, p99, _) = self.times.select_nth_unstable(count * 99 / 100);
        let requests = count as f64;
        Turn {
            per_second: requests / self.took.as_secs_f64(),
            p99_ms: p99.as_secs_f64() * 1e3,
            us_each: self.worked as f64 / 1e3 / requests,
        }
    }
}

struct Client {
    address: SocketAddr,
    /// None where each request has one.
    kept: Option<TcpStream>,
}

impl Client {
    async fn new(connections: Connections, address: SocketAddr) -> Self {
        let kept = match connections {
            Connections::Kept => Some(connect(address).await.expect("it listens")),
            Connections::EachAnew => None,
        };
        Self { address, kept }
    }

    async fn ask_until(mut self, end: Instant) -> (Self, Vec<Duration>) {
        let mut times = Vec::new();
        let mut begun = Instant::now();
        while begun < end {
            self.ask().await.expect("it answers");
            let answered = Instant::now();
            times.push(answered - begun);
            begun = answered;
        }
        (self, times)
    }

    async fn ask(&mut self) -> io::Result<()> {
        let mut answer = [0; 4096];
        if let Some(connection) = &mut self.kept {
            connection
                .write_all(b"GET /fast HTTP/1.1\r\nhost: localhost\r\n\r\n")
                .await?;
            // It is shorter than a packet.
            let length = connection.read(&mut answer).await?;
            assert!(answer[..length].starts_with(OK), "it answers");
            return Ok(());
        }
        let mut connection = connect(self.address).await?;
        let request = b"GET /fast HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
        connection.write_all(request).await?;
        let length = connection.read(&mut answer).await?;
        assert!(answer[..length].starts_with(OK), "it answers");
        while connection.read(&mut answer).await? > 0 {}
        Ok(())
    }
}

async fn connect(address: SocketAddr) -> io::Result<TcpStream> {
    let connection = TcpStream::connect(address).await?;
    connection.set_nodelay(true)?;
    Ok(connection)
}
