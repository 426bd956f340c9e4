//! State that others hold too has the other moments of a stop as well: known when it is handed over, through each of the
//! ways in which it may be held.

#![deny(warnings)]

use graceful::{Context, Embedded, Outcome, Result, Shutdown};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;
use tokio::sync::RwLock;

static SAID: Mutex<Vec<String>> = Mutex::new(Vec::new());

fn say(word: &str) {
    SAID.lock().unwrap().push(word.to_owned());
}

fn said() -> Vec<String> {
    std::mem::take(&mut SAID.lock().unwrap())
}

/// Neither `Clone` nor in a lock.
struct Registry(&'static str);

impl Registry {
    async fn leave(&self) -> Result {
        say(&format!("{} leaves", self.0));
        Ok(())
    }

    async fn close(&self) {
        say(&format!("{} closes", self.0));
    }

    async fn hang(&self) {
        std::future::pending().await
    }

    fn stop(&self) {
        say(&format!("{} stops", self.0));
    }
}

/// One clone of many.
#[derive(Clone)]
struct Pool(Arc<Registry>);

impl Pool {
    async fn abort(&self) {
        self.0.stop();
    }
}

impl Shutdown for Pool {
    async fn shutdown(self, _cx: Context) -> Result {
        self.0.hang().await;
        Ok(())
    }
}

async fn hang(pool: Pool, _cx: Context) {
    pool.0.hang().await;
}

/// Closed by being dropped.
struct Guard(&'static str);

impl Drop for Guard {
    fn drop(&mut self) {
        say(&format!("{} is dropped", self.0));
    }
}

#[derive(Shutdown)]
#[shutdown(shared)]
struct App<T: Send + Sync + 'static> {
    #[shutdown(at_request = Registry::leave, method = close)]
    registry: Registry,
    #[shutdown(at_request = lend, drop)]
    lock: Mutex<Vec<Guard>>,
    #[shutdown(at_request = |_| async { say("a clone is lent") }, with = |pool, _| async move { pool.0.close().await })]
    pool: Pool,
    #[shutdown(timeout = "400ms", method = hang, force = stop)]
    forced: Registry,
    #[shutdown(timeout = "400ms", force = abort)]
    forced_clone: Pool,
    #[shutdown(timeout = "400ms", with = hang, force = abort)]
    forced_with: Pool,
    #[shutdown(last, method = close)]
    spans: Registry,
    #[shutdown(last)]
    logs: Mutex<Option<Guard>>,
    #[shutdown(last)]
    more_logs: Arc<RwLock<Option<Guard>>>,
    #[shutdown]
    nested: Arc<Nested>,
    #[shutdown]
    cloned: Cloned,
    #[shutdown]
    set_later: OnceLock<Cloned>,
    #[shutdown(last)]
    generic: Mutex<Option<T>>,
}

fn lend(guards: &Mutex<Vec<Guard>>) {
    say(&format!("a lock of {} is lent", guards.lock().unwrap().len()));
}

#[derive(Shutdown)]
#[shutdown(shared)]
struct Nested(
    #[shutdown(at_request = Registry::leave, method = close)] Registry,
    #[shutdown(last, method = close)] Registry,
);

#[derive(Clone, Shutdown)]
struct Cloned {
    #[shutdown(at_request = |at| at.leave(), with = |at, _| async move { at.close().await })]
    at: Arc<Registry>,
    #[shutdown(last, with = |last, _| async move { last.close().await })]
    last: Arc<Registry>,
}

fn cloned(at: &'static str, last: &'static str) -> Cloned {
    Cloned { at: Arc::new(Registry(at)), last: Arc::new(Registry(last)) }
}

fn app() -> App<Guard> {
    let pool = |name| Pool(Arc::new(Registry(name)));
    App {
        registry: Registry("registry"),
        lock: Mutex::new(vec![Guard("lock")]),
        pool: pool("pool"),
        forced: Registry("forced"),
        forced_clone: pool("forced clone"),
        forced_with: pool("forced with"),
        spans: Registry("spans"),
        logs: Mutex::new(Some(Guard("logs"))),
        more_logs: Arc::new(RwLock::new(Some(Guard("more logs")))),
        nested: Arc::new(Nested(Registry("nested"), Registry("nested last"))),
        cloned: cloned("cloned", "cloned last"),
        set_later: OnceLock::new(),
        generic: Mutex::new(Some(Guard("generic"))),
    }
}

const WORDS: [&str; 22] = [
    // At the request.
    "a clone is lent",
    "a lock of 1 is lent",
    "cloned leaves",
    "nested leaves",
    "registry leaves",
    // In their turn, and near the limit.
    "registry closes",
    "lock is dropped",
    "pool closes",
    "forced stops",
    "forced clone stops",
    "forced with stops",
    "nested closes",
    "cloned closes",
    // It was not there when the state was handed over.
    "late leaves",
    "late closes",
    // Last words.
    "nested last closes",
    "cloned last closes",
    "spans closes",
    "logs is dropped",
    "more logs is dropped",
    "generic is dropped",
    "late last closes",
];

#[tokio::main]
async fn main() {
    // Who else holds it.
    let app = Arc::new(app());
    let service = Embedded::new();
    service.run(app.clone());
    assert!(app.set_later.set(cloned("late", "late last")).is_ok());
    let report = service.stop(Duration::from_secs(25)).await;
    let mut words = said();
    // All at the same time.
    words[..5].sort();
    assert_eq!(words, WORDS, "{report}");
    let forced = report.leaves().filter(|step| matches!(step.outcome, Outcome::Forced(_)));
    assert_eq!(forced.count(), 3, "{report}");
    assert_eq!(Arc::strong_count(&app), 1, "nobody holds it any more");
}
