//! The lines that are given for types which are known by their names, on types with the methods of the released ones.

#![deny(warnings)]

use graceful::Shutdown;
use std::future::{Future, IntoFuture, Ready, ready};
use std::time::Duration;

#[derive(Debug)]
struct Error;

struct Pool;

impl Pool {
    // As sqlx's, a future that borrows.
    fn close(&self) -> impl Future<Output = ()> + '_ {
        ready(())
    }
}

struct DatabaseConnection;

impl DatabaseConnection {
    async fn close_by_ref(&self) -> Result<(), Error> {
        Ok(())
    }
}

struct MySqlAsync;

impl MySqlAsync {
    fn disconnect(self) -> Ready<Result<(), Error>> {
        ready(Ok(()))
    }
}

struct Sled;

impl Sled {
    async fn flush_async(&self) -> Result<usize, Error> {
        Ok(0)
    }
}

struct Mongo;
struct Action;

impl Mongo {
    fn shutdown(self) -> Action {
        Action
    }
}

impl IntoFuture for Action {
    type Output = ();
    type IntoFuture = Ready<()>;

    fn into_future(self) -> Ready<()> {
        ready(())
    }
}

struct Inserter;

impl Inserter {
    async fn end(self) -> Result<u64, Error> {
        Ok(0)
    }
}

struct FutureProducer;

enum Timeout {
    After(Duration),
}

impl From<Duration> for Timeout {
    fn from(duration: Duration) -> Self {
        Self::After(duration)
    }
}

trait Producer {
    fn flush<T: Into<Timeout>>(&self, timeout: T) -> Result<(), Error>;
}

impl Producer for FutureProducer {
    fn flush<T: Into<Timeout>>(&self, timeout: T) -> Result<(), Error> {
        let Timeout::After(timeout) = timeout.into();
        assert!(!timeout.is_zero());
        Ok(())
    }
}

struct StreamConsumer;

struct Nats;

impl Nats {
    async fn drain(&self) -> Result<(), Error> {
        Ok(())
    }

    async fn flush(&self) -> Result<(), Error> {
        Err(Error)
    }
}

struct Lapin;
struct ShortString(&'static str);

impl From<&'static str> for ShortString {
    fn from(text: &'static str) -> Self {
        Self(text)
    }
}

impl Lapin {
    async fn close(&self, code: u16, text: ShortString) -> Result<(), Error> {
        assert_eq!((code, text.0), (200, "OK"));
        Ok(())
    }
}

struct Mqtt;

impl Mqtt {
    async fn disconnect(&self) -> Result<(), Error> {
        Ok(())
    }
}

struct Bus;

impl Bus {
    async fn graceful_shutdown(self) {}
}

struct GracefulShutdown;

impl GracefulShutdown {
    async fn shutdown(self) {}
}

struct Handle(std::sync::atomic::AtomicUsize);

impl Handle {
    fn graceful_shutdown(&self, limit: Option<Duration>) {
        assert!(limit.is_some());
    }

    fn connection_count(&self) -> usize {
        self.0.fetch_sub(1, std::sync::atomic::Ordering::Relaxed)
    }
}

struct ServerHandle;

impl ServerHandle {
    fn stop(&self, drains: bool) -> impl Future<Output = ()> + use<> {
        assert!(drains);
        ready(())
    }
}

struct Quic;
struct VarInt(u8);

impl From<u8> for VarInt {
    fn from(code: u8) -> Self {
        Self(code)
    }
}

impl Quic {
    fn close(&self, code: VarInt, reason: &[u8]) {
        assert_eq!((code.0, reason), (0, &b""[..]));
    }
    async fn wait_idle(&self) {}
}

struct WebSocketStream;

impl WebSocketStream {
    async fn close(&mut self, frame: Option<u8>) -> Result<(), Error> {
        assert!(frame.is_none());
        Ok(())
    }
}

struct Mail;

impl Mail {
    async fn shutdown(&self) {}
}

#[derive(Default)]
struct ShardManager;

impl ShardManager {
    async fn shutdown_all(&self) {}
}

struct JobScheduler;

impl JobScheduler {
    async fn shutdown(&mut self) -> Result<(), Error> {
        Ok(())
    }
}

struct JoinMap;

impl JoinMap {
    async fn join_next(&mut self) -> Option<(u8, Result<(), Error>)> {
        None
    }
}

struct TempDir;

impl TempDir {
    fn close(self) -> std::io::Result<()> {
        Ok(())
    }
}

#[derive(Shutdown)]
struct App {
    #[shutdown(method = close)]
    sqlx: Pool,
    #[shutdown(method = close_by_ref)]
    orm: DatabaseConnection,
    #[shutdown(method = disconnect)]
    mysql: MySqlAsync,
    #[shutdown(method = flush_async)]
    sled: Sled,
    #[shutdown(with = |client, _| async move { client.shutdown().await })]
    mongo: Mongo,
    #[shutdown(method = end)]
    rows: Inserter,
    #[shutdown(with = |producer, cx| producer.flush(cx.remaining()))]
    producer: FutureProducer,
    #[shutdown(drop)]
    consumer: StreamConsumer,
    #[shutdown(with = |client, _| async move { let drained = client.drain().await; while client.flush().await.is_ok() { tokio::time::sleep(tokio::time::Duration::from_millis(2)).await } drained })]
    nats: Nats,
    #[shutdown(method = close(200, "OK".into()))]
    rabbit: Lapin,
    #[shutdown(method = disconnect)]
    mqtt: Mqtt,
    #[shutdown(method = graceful_shutdown)]
    bus: Bus,
    #[shutdown(method = shutdown)]
    connections: GracefulShutdown,
    #[shutdown(with = |handle, cx| async move { handle.graceful_shutdown(Some(cx.remaining())); while handle.connection_count() > 0 { tokio::time::sleep(tokio::time::Duration::from_millis(10)).await } })]
    https: Handle,
    #[shutdown(method = stop(true))]
    actix: ServerHandle,
    #[shutdown(with = |endpoint, _| async move { endpoint.close(0u8.into(), b""); endpoint.wait_idle().await })]
    quic: Quic,
    #[shutdown(method = close(None))]
    socket: WebSocketStream,
    #[shutdown(method = shutdown)]
    mail: Mail,
    #[shutdown(method = shutdown_all)]
    shards: std::sync::Arc<ShardManager>,
    #[shutdown(method = shutdown)]
    nightly: JobScheduler,
    #[shutdown(method = shutdown_background)]
    beside: Option<tokio::runtime::Runtime>,
    #[shutdown(with = |mut tasks, _| async move { while tasks.join_next().await.is_some() {} })]
    tasks: JoinMap,
    #[shutdown(method = close)]
    folder: TempDir,
    #[shutdown(last)]
    log: WorkerGuard,
    #[shutdown(last, method = shutdown)]
    spans: SdkTracerProvider,
    #[shutdown(last, with = |_, _| ratatui::restore())]
    terminal: DefaultTerminal,
}

struct WorkerGuard;

struct SdkTracerProvider;

impl SdkTracerProvider {
    fn shutdown(&self) -> Result<(), Error> {
        Ok(())
    }
}

struct DefaultTerminal;

mod ratatui {
    pub fn restore() {}
}

#[graceful::main(flavor = "current_thread")]
async fn main() -> App {
    graceful::request("a test");
    App {
        sqlx: Pool,
        orm: DatabaseConnection,
        mysql: MySqlAsync,
        sled: Sled,
        mongo: Mongo,
        rows: Inserter,
        producer: FutureProducer,
        consumer: StreamConsumer,
        nats: Nats,
        rabbit: Lapin,
        mqtt: Mqtt,
        bus: Bus,
        connections: GracefulShutdown,
        https: Handle(2.into()),
        actix: ServerHandle,
        quic: Quic,
        socket: WebSocketStream,
        mail: Mail,
        shards: Default::default(),
        nightly: JobScheduler,
        beside: None,
        tasks: JoinMap,
        folder: TempDir,
        log: WorkerGuard,
        spans: SdkTracerProvider,
        terminal: DefaultTerminal,
    }
}
