//! Servers that are stopped while clients are connected, and while they come and go.

use crate::Size;
use crate::table::{Table, grouped};
use graceful_peers::child::{Child, program};
use graceful_peers::pages::LIMIT;
use graceful_peers::statistics::median;
use rustix::process::Signal;
use std::net::SocketAddr;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

const SERVERS: [(&str, &str); 5] = [
    ("graceful", "graceful::http"),
    ("axum", "axum's `with_graceful_shutdown`"),
    ("hyper-util", "hyper-util's `GracefulShutdown`"),
    ("tokio-graceful", "tokio-graceful with hyper"),
    ("swansong", "swansong with hyper"),
];

/// As a platform kills what has not ended.
const KILLED_AFTER: Duration = Duration::from_secs(5);

const CHURNING: u32 = 128;

pub(crate) fn measure(size: Size) -> Table {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let head = ["a server with"]
        .into_iter()
        .chain(SERVERS.map(|(_, name)| name));
    let mut table = Table::new(head);
    let rows: [(&str, Figure); 5] = [
        ("1,000 idle connections: to its end", |name, size| {
            Box::pin(idle(name, size))
        }),
        ("100 requests of 200 ms: to its end", |name, size| {
            Box::pin(in_flight(name, size))
        }),
        ("half a request: to its end", |name, _| {
            Box::pin(held(name, b"GET / HTT"))
        }),
        ("an answer without an end: to its end", |name, _| {
            Box::pin(held(name, ENDLESS))
        }),
        (
            "128 clients, a connection for each request",
            |name, size| Box::pin(churn(name, size)),
        ),
    ];
    for (what, figure) in rows {
        let cells = SERVERS.map(|(name, _)| runtime.block_on(figure(name, size)));
        table.row([what.to_owned()].into_iter().chain(cells));
    }
    table.note(format!(
        "From SIGTERM until the process was reaped, with its exit code; killed: it had not ended after {} s. All but axum's, \
         which has none, have a limit of {} s for the drain. Of 1,000 idle connections and 100 requests the middle of 9 \
         stops; of the last row 20 stops, each after 0.3 s of load from 128 clients. Cut: a connection was established, \
         and no answer came.",
        KILLED_AFTER.as_secs(),
        LIMIT.as_secs(),
    ));
    table.note(
        "graceful waits 0.25 s for a request that may be on its way over an idle connection (`idle_grace`), and 1 s for the \
         rest of half a request (`half_request_grace`), which it then reports. tokio-graceful-shutdown, async-shutdown, \
         elegant-departure and tokio-util have no means for connections but those that the other tables show: they leave them to axum or \
         hyper.",
    );
    table
}

type Figure = fn(&'static str, Size) -> std::pin::Pin<Box<dyn Future<Output = String>>>;

const INDEX: &[u8] = b"GET / HTTP/1.1\r\nhost: here\r\n\r\n";
const SLOW: &[u8] = b"GET /slow HTTP/1.1\r\nhost: here\r\n\r\n";
const ENDLESS: &[u8] = b"GET /endless HTTP/1.1\r\nhost: here\r\n\r\n";
const LAST: &[u8] = b"GET / HTTP/1.1\r\nhost: here\r\nconnection: close\r\n\r\n";

fn started(name: &str) -> (Child, SocketAddr) {
    let mut command = program(&format!("server-{name}"));
    let (child, line) = Child::ready(command.stderr(Stdio::null()));
    (child, line.parse().expect("its address"))
}

/// Signals it: its exit code, and how long that took.
async fn stop(mut child: Child) -> (String, Duration) {
    let ended = tokio::task::spawn_blocking(move || {
        let sent = Instant::now();
        child.signal(Signal::TERM);
        let status = child.end_within(KILLED_AFTER);
        (status, sent.elapsed())
    });
    let (status, took) = ended.await.expect("it does not panic");
    let code = status.and_then(|status| status.code());
    let code = code.map_or_else(|| "killed".to_owned(), |code| code.to_string());
    (code, took)
}

fn shown((code, took): (String, Duration)) -> String {
    match &*code {
        "killed" => code,
        _ => format!("{:.1} ms, {code}", took.as_secs_f64() * 1e3),
    }
}

async fn connected(address: SocketAddr, sends: &[u8]) -> std::io::Result<TcpStream> {
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(sends).await?;
    Ok(stream)
}

/// Whether the head of an answer came that says that all is well.
async fn is_answered(stream: &mut TcpStream) -> bool {
    let mut head = [0; 512];
    let read = stream.read(&mut head).await;
    read.is_ok_and(|length| head[..length].starts_with(b"HTTP/1.1 200"))
}

async fn idle(name: &str, size: Size) -> String {
    let mut ends = Vec::new();
    for _ in 0..size.of(1, 9) {
        let (child, address) = started(name);
        let mut streams = Vec::new();
        for _ in 0..size.of(100, 1_000) {
            let mut stream = connected(address, INDEX).await.expect("it listens");
            assert!(is_answered(&mut stream).await, "{name}");
            streams.push(stream);
        }
        let (code, took) = stop(child).await;
        ends.push((took, code));
    }
    middle(ends)
}

async fn in_flight(name: &str, size: Size) -> String {
    const MANY: usize = 100;

    let (mut ends, mut answered, mut all) = (Vec::new(), 0, 0);
    for _ in 0..size.of(1, 9) {
        let (child, address) = started(name);
        let mut requests = JoinSet::new();
        for _ in 0..MANY {
            let mut stream = connected(address, SLOW).await.expect("it listens");
            requests.spawn(async move { is_answered(&mut stream).await });
        }
        // All have arrived, and none is answered.
        sleep(Duration::from_millis(100)).await;
        let (code, took) = stop(child).await;
        ends.push((took, code));
        let answers = requests.join_all().await;
        answered += answers.iter().filter(|is_answered| **is_answered).count();
        all += MANY;
    }
    format!("{} ({answered} of {all} answered)", middle(ends))
}

fn middle(mut ends: Vec<(Duration, String)>) -> String {
    ends.sort();
    let codes: Vec<&String> = ends.iter().map(|(_, code)| code).collect();
    let is_one = codes.iter().all(|code| *code == codes[0]);
    let took = median(ends.iter().map(|(took, _)| *took).collect());
    let code = if is_one {
        codes[0].clone()
    } else {
        "codes differ".to_owned()
    };
    shown((code, took))
}

/// One client, which has sent this and goes on reading.
async fn held(name: &str, sends: &[u8]) -> String {
    let (child, address) = started(name);
    let mut stream = connected(address, sends).await.expect("it listens");
    let reads = tokio::spawn(async move {
        let mut buffer = [0; 512];
        while stream
            .read(&mut buffer)
            .await
            .is_ok_and(|length| length > 0)
        {}
    });
    sleep(Duration::from_millis(100)).await;
    let end = stop(child).await;
    reads.abort();
    shown(end)
}

#[derive(Default)]
struct Tally {
    answered: AtomicU32,
    cut: AtomicU32,
    is_over: AtomicBool,
}

async fn churn(name: &str, size: Size) -> String {
    let tally = Arc::new(Tally::default());
    for _ in 0..size.of(2, 20) {
        let (child, address) = started(name);
        // Counters and a flag that guard no memory: all of `Tally` is relaxed.
        tally.is_over.store(false, Ordering::Relaxed);
        let mut clients = JoinSet::new();
        for _ in 0..CHURNING {
            clients.spawn(reconnect(address, tally.clone()));
        }
        sleep(Duration::from_millis(300)).await;
        let (code, _) = stop(child).await;
        tally.is_over.store(true, Ordering::Relaxed);
        clients.join_all().await;
        assert_eq!(code, "0", "{name}");
    }
    let [answered, cut] = [&tally.answered, &tally.cut].map(|count| count.load(Ordering::Relaxed));
    let (answered, cut) = (grouped(answered), grouped(cut));
    match &*cut {
        "0" => format!("{answered} answered, 0 cut"),
        _ => format!("{answered} answered, **{cut} cut**"),
    }
}

/// Until nobody listens any more.
async fn reconnect(address: SocketAddr, tally: Arc<Tally>) {
    while !tally.is_over.load(Ordering::Relaxed) {
        let Ok(mut stream) = TcpStream::connect(address).await else {
            break;
        };
        let asks = async { stream.write_all(LAST).await.is_ok() && is_answered(&mut stream).await };
        let count = match timeout(KILLED_AFTER, asks).await {
            Ok(true) => &tally.answered,
            _ => &tally.cut,
        };
        count.fetch_add(1, Ordering::Relaxed);
    }
}
