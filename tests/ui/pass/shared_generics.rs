//! What a `#[shutdown(shared)]` type asks of its parameters.

#![deny(warnings)]

use graceful::{Context, Embedded, Shutdown};
use std::future::Future;
use std::marker::PhantomData;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, RwLock};
use std::time::Duration;

trait Database: Send + Sync + 'static {
    type Pool: Shutdown + Clone + Sync;

    fn close(&self) -> impl Future<Output = Result<(), String>> + Send;
    fn pool(&self) -> Self::Pool;
}

#[derive(Clone, Default)]
struct Closes(Arc<AtomicUsize>);

impl Closes {
    fn add(&self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

impl Shutdown for Closes {
    async fn shutdown(self, _cx: Context) -> graceful::Result {
        self.add();
        Ok(())
    }
}

#[derive(Default)]
struct Postgres(Closes);

impl Database for Postgres {
    type Pool = Closes;

    async fn close(&self) -> Result<(), String> {
        self.0.add();
        Ok(())
    }

    fn pool(&self) -> Closes {
        self.0.clone()
    }
}

#[derive(Shutdown)]
#[shutdown(shared)]
struct App<DB: Database> {
    #[shutdown(method = close)]
    db: DB,
    #[shutdown]
    pool: DB::Pool,
    #[shutdown(with = |pool, cx| Shutdown::shutdown(pool, cx))]
    second_pool: DB::Pool,
    #[shutdown]
    slot: Mutex<Option<DB::Pool>>,
    #[shutdown]
    slots: RwLock<Vec<DB::Pool>>,
    #[shutdown]
    shared_slot: Arc<tokio::sync::Mutex<Option<DB::Pool>>>,
    #[shutdown(drop)]
    dropped: Mutex<Option<DB>>,
    name: &'static str,
}

#[derive(Shutdown)]
#[shutdown(shared)]
struct Lifetimes<'a, 'b: 'a>(#[shutdown] Closes, &'a str, &'b str);

#[derive(Shutdown)]
#[shutdown(shared)]
struct Numbered<const N: usize>(#[shutdown] [Closes; N]);

/// Without `shared` the whole is cloned, and only where somebody puts it into an `Arc`.
#[derive(Clone, Shutdown)]
struct Whole<T, const N: usize> {
    #[shutdown]
    all: [T; N],
}

#[derive(Clone, Shutdown)]
struct OfLifetime<'a>(#[shutdown] Closes, PhantomData<&'a str>);

#[derive(Clone, Shutdown)]
enum Choice<L, R> {
    Left(#[shutdown] L),
    Right(#[shutdown] R),
}

#[derive(Shutdown)]
struct Outer<T> {
    #[shutdown]
    inner: Arc<T>,
}

async fn close(state: impl Shutdown) {
    let service = Embedded::new();
    service.run(state);
    let report = service.stop(Duration::from_secs(5)).await;
    assert!(report.is_clean(), "{}", report);
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let db = Postgres::default();
    let closes = db.pool();
    let app = Arc::new(App {
        pool: closes.clone(),
        second_pool: closes.clone(),
        slot: Mutex::new(Some(closes.clone())),
        slots: RwLock::new(vec![closes.clone(), closes.clone()]),
        shared_slot: Arc::new(tokio::sync::Mutex::new(Some(closes.clone()))),
        dropped: Mutex::new(Some(Postgres::default())),
        db,
        name: "app",
    });
    close(app.clone()).await;
    assert_eq!(closes.0.load(Ordering::SeqCst), 7);
    assert!(app.dropped.lock().unwrap().is_none() && app.name == "app");

    let closes = Closes::default();
    let lifetimes = Arc::new(Lifetimes(closes.clone(), "", ""));
    let numbered = Arc::new(Numbered([closes.clone(), closes.clone()]));
    let whole = Arc::new(Whole { all: [closes.clone()] });
    let of_lifetime = Arc::new(OfLifetime(closes.clone(), PhantomData));
    let left = Arc::new(Choice::<Closes, Closes>::Left(closes.clone()));
    let right = Arc::new(Choice::<Closes, Closes>::Right(closes.clone()));
    assert_eq!(lifetimes.1, lifetimes.2);
    close(lifetimes.clone()).await;
    close(numbered.clone()).await;
    close(whole.clone()).await;
    close(of_lifetime.clone()).await;
    close(left.clone()).await;
    close(right.clone()).await;
    close(Outer { inner: whole.clone() }).await;
    assert_eq!(closes.0.load(Ordering::SeqCst), 8);
}
