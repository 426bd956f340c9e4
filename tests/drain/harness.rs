//! A server in this process, and clients that write the bytes themselves.

use axum::Router;
use axum::routing::get;
use graceful::http::{Builder, Server, Stopping};
use graceful::{Embedded, Outcome, Report};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout};

/// Handlers and clients take parts of this. A server that is to cut somebody has it for its close.
pub(crate) const LIMIT: Duration = Duration::from_secs(1);

/// What the close of a server may take that cuts nobody: more than a busy machine adds to what its clients do meanwhile.
pub(crate) const LONG: Duration = Duration::from_secs(15);

/// Nothing takes this long; what does has failed.
pub(crate) const LOST: Duration = Duration::from_secs(20);

pub(crate) struct Service {
    pub(crate) address: SocketAddr,
    pub(crate) server: Server,
    life: Embedded,
}

/// What became of it.
pub(crate) struct Stopped {
    pub(crate) report: Arc<Report>,
    limit: Duration,
    pub(crate) took: Duration,
}

impl Service {
    pub(crate) async fn start(routes: Router) -> Self {
        Self::start_with(|server| server, routes).await
    }

    pub(crate) async fn start_with(
        options: impl FnOnce(Builder) -> Builder,
        routes: Router,
    ) -> Self {
        Self::serve(|builder| options(builder).serve(routes)).await
    }

    pub(crate) async fn serve(serve: impl FnOnce(Builder) -> Server) -> Self {
        let life = Embedded::new();
        let server = Server::bind("127.0.0.1:0").await.unwrap();
        let server = serve(server.lifecycle(life.handle()));
        life.run(server.clone());
        Self {
            address: server.local_addr().unwrap(),
            server,
            life,
        }
    }

    pub(crate) async fn connect(&self) -> Client {
        Client(TcpStream::connect(self.address).await.unwrap())
    }

    /// Returns once so many requests are in flight.
    pub(crate) async fn in_flight(&self, requests: usize) {
        until(|| self.server.in_flight() == requests).await;
    }

    /// Returns once so many connections have been accepted, and not ended.
    pub(crate) async fn connections(&self, connections: usize) {
        until(|| self.server.connections() == connections).await;
    }

    /// Closes it. The task goes on while the test plays the client.
    pub(crate) fn stop(self) -> JoinHandle<Stopped> {
        self.stop_within(LONG)
    }

    /// The same, once its close has begun: what a client does then comes behind that.
    pub(crate) async fn stop_begun(self) -> JoinHandle<Stopped> {
        let server = self.server.clone();
        let stop = self.stop();
        Self::closes(&server).await;
        stop
    }

    /// The same where somebody is waited for to the limit, and mostly cut there.
    pub(crate) fn stop_within(self, limit: Duration) -> JoinHandle<Stopped> {
        tokio::spawn(async move {
            let began = Instant::now();
            let report = timeout(LOST, self.life.stop(limit)).await;
            Stopped {
                report: report.expect("the close does not end"),
                limit,
                took: began.elapsed(),
            }
        })
    }

    /// Returns once its close has begun.
    pub(crate) async fn closes(server: &Server) {
        until(|| format!("{server:?}").contains("stage: Closing")).await;
    }
}

/// A handler that is still at work when the server closes, however late that is, and for a part of the limit behind it.
pub(crate) async fn works_into_the_close(stopping: Stopping) -> &'static str {
    stopping.requested().await;
    tokio::time::sleep(LIMIT / 4).await;
    "done"
}

/// A handler that hangs at `/hangs`, and whether it has been dropped.
#[derive(Clone, Default)]
pub(crate) struct Hanging(Arc<AtomicBool>);

/// Part of what is to be dropped.
pub(crate) struct Dropped(Hanging);

impl Drop for Dropped {
    fn drop(&mut self) {
        self.0.0.store(true, Ordering::Relaxed);
    }
}

impl Hanging {
    pub(crate) fn routes(&self) -> Router {
        let hanging = self.clone();
        let hangs = async move || {
            let _dropped = hanging.until_dropped();
            std::future::pending::<()>().await;
        };
        Router::new().route("/hangs", get(hangs))
    }

    pub(crate) fn until_dropped(&self) -> Dropped {
        Dropped(self.clone())
    }

    pub(crate) fn is_dropped(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    pub(crate) async fn dropped(&self) {
        until(|| self.is_dropped()).await;
    }
}

/// Gives the server its turns, for what it does at once and nobody is told of. In small parts: a machine that stands still
/// takes one of them, and not all.
pub(crate) async fn settle() {
    for _ in 0..10 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Returns once that holds.
pub(crate) async fn until(condition: impl Fn() -> bool) {
    let wait = async {
        while !condition() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    timeout(LOST, wait).await.expect("it never comes to that");
}

impl Stopped {
    /// It ended before the limit, and nobody was cut.
    pub(crate) fn assert_drained(&self) {
        self.assert_clean();
        assert!(self.took < self.limit, "{:?}", self.took);
    }

    /// Nobody was cut, though the limit may have come.
    pub(crate) fn assert_clean(&self) {
        assert!(self.report.is_clean(), "{}", self.report);
    }

    /// It ended at the limit, and the report says that `left` was cut. What stands behind the bracket with which a name
    /// ends is its age: that of something which was there when the close began.
    pub(crate) fn assert_cut(&self, left: &[&str]) {
        let report = &self.report;
        let step = report.leaves().next().unwrap();
        // On a busy machine what was cut may not have been dropped when the report is written.
        let is_cut = matches!(step.outcome, Outcome::TimedOut | Outcome::Running);
        assert!(is_cut, "{report}");
        assert!(step.took < LOST / 2, "{report}");
        let progress = step.progress.as_deref().unwrap_or_default();
        for name in left {
            let (_, behind) = progress
                .split_once(name)
                .unwrap_or_else(|| panic!("{name}: {progress}"));
            if name.contains('(') {
                let age = behind
                    .split_once(" s")
                    .and_then(|(age, _)| age.parse().ok());
                let age = age.map(Duration::from_secs_f64);
                // It is told four times a second, and where the machine is busy, or stands still, not right before the
                // limit.
                assert!(age.is_some_and(|age| age >= self.limit / 4), "{progress}");
            }
        }
    }
}

/// A client that writes the bytes itself.
pub(crate) struct Client(pub(crate) TcpStream);

impl Client {
    pub(crate) async fn send(&mut self, bytes: &str) {
        self.0.write_all(bytes.as_bytes()).await.unwrap();
    }

    /// Reads to the end of the connection, which has to come without a reset.
    pub(crate) async fn rest(&mut self) -> String {
        let mut answer = String::new();
        let read = timeout(LOST, self.0.read_to_string(&mut answer)).await;
        read.expect("the connection does not end").unwrap();
        answer
    }

    /// Reads until `end` has come.
    pub(crate) async fn read_to(&mut self, end: &str) -> String {
        let mut answer = Vec::new();
        let read = async {
            while !String::from_utf8_lossy(&answer).ends_with(end) {
                answer.push(self.0.read_u8().await.unwrap());
            }
        };
        timeout(LOST, read).await.expect("it does not come");
        String::from_utf8(answer).unwrap()
    }

    /// Whether the connection ends, one way or the other, without another byte.
    pub(crate) async fn ends_silently(&mut self) -> bool {
        let mut rest = Vec::new();
        let _ = timeout(LOST, self.0.read_to_end(&mut rest)).await;
        rest.is_empty()
    }
}
