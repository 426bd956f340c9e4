//! State that others hold too: `#[shutdown(shared)]` closes each field through a reference, and waits for nobody.

#![deny(warnings)]

use graceful::{Context, Embedded, Outcome, Report, Shutdown, Tracker};
use std::collections::{BTreeMap, HashMap};
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, RwLock};
use std::time::Duration;
use tokio::sync::OnceCell;
use tokio::task::{JoinHandle, JoinSet};

/// As a connection pool is: one clone of many, and closed through any of them.
#[derive(Clone, Debug, Default)]
struct Pool(Arc<AtomicUsize>);

impl Pool {
    async fn close(&self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }

    fn closes(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

impl Shutdown for Pool {
    async fn shutdown(self, _cx: Context) -> graceful::Result {
        self.close().await;
        Ok(())
    }
}

async fn close_pool(pool: Pool, cx: Context) -> Result<(), std::io::Error> {
    cx.progress("closing");
    pool.close().await;
    Ok(())
}

/// Neither `Clone` nor anything that could be taken out of it.
#[derive(Debug, Default)]
struct Client(AtomicUsize);

impl Client {
    fn flush(&self) -> Result<(), String> {
        self.0.fetch_add(1, Ordering::SeqCst);
        Err("the server is gone".to_owned())
    }

    async fn drain(&self) -> bool {
        tokio::task::yield_now().await;
        self.0.fetch_add(1, Ordering::SeqCst);
        true
    }
}

trait Bus: Send + Sync {
    fn stop(&self) -> Pin<Box<dyn Future<Output = Result<(), String>> + Send + '_>>;
    fn abort(&self);
}

impl Bus for Client {
    fn stop(&self) -> Pin<Box<dyn Future<Output = Result<(), String>> + Send + '_>> {
        Box::pin(async move {
            self.drain().await;
            Ok(())
        })
    }

    fn abort(&self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

/// Closed by being dropped.
struct Guard(Pool);

impl Drop for Guard {
    fn drop(&mut self) {
        self.0.0.fetch_add(1, Ordering::SeqCst);
    }
}

type Lock<T> = tokio::sync::Mutex<T>;

#[derive(Shutdown)]
#[shutdown(shared, timeout = "20s")]
struct App {
    #[shutdown(timeout = "1s")]
    pool: Pool,
    #[shutdown(method = close)]
    by_method: Pool,
    #[shutdown(with = close_pool)]
    by_path: Pool,
    #[shutdown(with = |pool, _| async move { pool.close().await })]
    by_closure: Pool,
    #[shutdown(method = drain)]
    client: Client,
    #[shutdown(method = flush, order = 1)]
    failing: Client,
    #[shutdown]
    std_worker: Mutex<Option<JoinHandle<()>>>,
    #[shutdown]
    tokio_worker: Lock<Option<JoinHandle<()>>>,
    #[shutdown]
    list: RwLock<Vec<JoinHandle<()>>>,
    #[shutdown]
    set: Arc<Mutex<JoinSet<()>>>,
    #[shutdown(method = stop)]
    bus: Arc<dyn Bus>,
    #[shutdown(method = abort)]
    boxed_bus: Box<dyn Bus>,
    #[shutdown]
    cell: OnceCell<Pool>,
    #[shutdown]
    lock: OnceLock<Pool>,
    #[shutdown]
    never_set: OnceCell<Pool>,
    #[shutdown]
    map: BTreeMap<u8, Pool>,
    #[shutdown]
    locked_map: Mutex<HashMap<String, JoinHandle<()>>>,
    #[shutdown]
    nested: Arc<Nested>,
    #[shutdown]
    cloned: Arc<Cloned>,
    #[shutdown]
    tracker: Tracker,
    #[shutdown(drop, name = "log")]
    guard: Mutex<Option<Guard>>,
    #[shutdown(drop)]
    shared_guard: Arc<Lock<Option<Guard>>>,
    #[shutdown(skip)]
    skipped: Pool,
    name: &'static str,
}

#[derive(Shutdown)]
#[shutdown(shared)]
struct Nested(#[shutdown] Pool, #[shutdown(method = drain)] Client);

#[derive(Clone, Shutdown)]
struct Cloned {
    #[shutdown]
    pool: Pool,
}

#[derive(Shutdown)]
#[shutdown(nothing)]
#[shutdown(shared)]
struct Unit;

/// What is closed field by field need not be taken apart.
#[derive(Shutdown)]
#[shutdown(shared)]
struct OwnDrop(#[shutdown] Pool);

impl Drop for OwnDrop {
    fn drop(&mut self) {
        assert_eq!(self.0.closes(), 1);
    }
}

fn worker(pool: &Pool) -> JoinHandle<()> {
    let pool = pool.clone();
    tokio::spawn(async move { pool.close().await })
}

fn set<T>(value: T) -> OnceLock<T> {
    let lock = OnceLock::new();
    assert!(lock.set(value).is_ok());
    lock
}

async fn close(state: impl Shutdown) -> Arc<Report> {
    let service = Embedded::new();
    service.run(state);
    service.stop(Duration::from_secs(25)).await
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let (tasks, guards) = (Pool::default(), Pool::default());
    let bus = Arc::new(Client::default());
    let app = Arc::new(App {
        pool: Pool::default(),
        by_method: Pool::default(),
        by_path: Pool::default(),
        by_closure: Pool::default(),
        client: Client::default(),
        failing: Client::default(),
        std_worker: Mutex::new(Some(worker(&tasks))),
        tokio_worker: Lock::new(Some(worker(&tasks))),
        list: RwLock::new(vec![worker(&tasks), worker(&tasks)]),
        set: Arc::default(),
        bus: bus.clone(),
        boxed_bus: Box::new(Client::default()),
        cell: OnceCell::new_with(Some(Pool::default())),
        lock: set(Pool::default()),
        never_set: OnceCell::new(),
        map: BTreeMap::from([(1, Pool::default()), (2, Pool::default())]),
        locked_map: Mutex::new(HashMap::from([("a".to_owned(), worker(&tasks))])),
        nested: Arc::new(Nested(Pool::default(), Client::default())),
        cloned: Arc::new(Cloned { pool: Pool::default() }),
        tracker: Tracker::new(),
        guard: Mutex::new(Some(Guard(guards.clone()))),
        shared_guard: Arc::new(Lock::new(Some(Guard(guards.clone())))),
        skipped: Pool::default(),
        name: "app",
    });
    // Who else holds it: a handler that never ends, and both that hold parts of it.
    let handler = tokio::spawn({
        let app = app.clone();
        async move {
            std::future::pending::<()>().await;
            drop(app);
        }
    });
    let (nested, cloned) = (app.nested.clone(), app.cloned.clone());
    app.set.lock().unwrap().spawn({
        let tasks = tasks.clone();
        async move { tasks.close().await }
    });

    let report = close(app.clone()).await;
    let unclean: Vec<_> = report
        .leaves()
        .filter(|step| !matches!(step.outcome, Outcome::Closed | Outcome::Skipped))
        .map(|step| (&*step.name, &step.outcome))
        .collect();
    assert!(matches!(unclean[..], [("failing", Outcome::Failed(_))]), "{}", report);
    for pool in [&app.pool, &app.by_method, &app.by_path, &app.by_closure] {
        assert_eq!(pool.closes(), 1);
    }
    for client in [&app.client, &app.failing, &*bus, &nested.1] {
        assert_eq!(client.0.load(Ordering::SeqCst), 1);
    }
    for pool in app.map.values().chain([&nested.0, &cloned.pool]) {
        assert_eq!(pool.closes(), 1);
    }
    assert_eq!(app.cell.get().unwrap().closes() + app.lock.get().unwrap().closes(), 2);
    assert_eq!(tasks.closes(), 6);
    assert_eq!(guards.closes(), 2);
    assert_eq!(app.skipped.closes(), 0);
    assert!(app.std_worker.lock().unwrap().is_none() && app.list.read().unwrap().is_empty());
    assert_eq!(app.name, "app");
    assert_eq!(Arc::strong_count(&app), 2, "the handler's and ours");
    handler.abort();

    // By value it is closed the same way.
    let (pool, client) = (Pool::default(), Client::default());
    assert!(close(Nested(pool.clone(), client)).await.is_clean());
    assert_eq!(pool.closes(), 1);
    assert!(close(Unit).await.is_clean());
    assert!(close(OwnDrop(Pool::default())).await.is_clean());
}
