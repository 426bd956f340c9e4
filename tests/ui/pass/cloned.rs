//! State that is `Clone` closes in an `Arc` too, and state that is not says nothing of it.

#![deny(warnings)]

use graceful::{Context, Embedded, Shutdown};
use std::cell::Cell;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

#[derive(Clone, Default)]
struct Pool(Arc<AtomicUsize>);

impl Pool {
    fn closes(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

impl Shutdown for Pool {
    async fn shutdown(self, _cx: Context) -> graceful::Result {
        self.0.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }
}

#[derive(Clone, Shutdown)]
#[shutdown(timeout = "5s")]
struct App {
    #[shutdown(timeout = "1s")]
    pool: Pool,
    #[shutdown]
    choice: Choice,
    name: String,
}

#[derive(Clone, Shutdown)]
enum Choice {
    Pool(#[shutdown] Pool),
    Nothing,
}

type Shared<T> = Arc<T>;

#[derive(Shutdown)]
struct Outer {
    #[shutdown]
    app: Arc<App>,
    #[shutdown]
    by_another_name: Shared<App>,
    #[shutdown]
    perhaps: Option<Arc<Choice>>,
    #[shutdown]
    several: Vec<Arc<Choice>>,
    #[shutdown]
    twice: Arc<Arc<Choice>>,
}

/// Neither is ever put into an `Arc`, and the second one could not be.
#[derive(Shutdown)]
struct NotClone(#[shutdown] Mutex<Option<Pool>>);

#[derive(Shutdown)]
struct NotSync(#[shutdown] Pool, Cell<u8>);

async fn close(state: impl Shutdown) {
    let service = Embedded::new();
    service.run(state);
    let report = service.stop(Duration::from_secs(5)).await;
    assert!(report.is_clean(), "{}", report);
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let pool = Pool::default();
    let choice = Arc::new(Choice::Pool(pool.clone()));
    let app = Arc::new(App {
        pool: pool.clone(),
        choice: Choice::Nothing,
        name: "app".to_owned(),
    });
    close(app.clone()).await;
    assert_eq!(pool.closes(), 1);
    assert_eq!((&*app.name, Arc::strong_count(&app)), ("app", 1));

    close(Outer {
        app: app.clone(),
        by_another_name: app.clone(),
        perhaps: Some(choice.clone()),
        several: vec![choice.clone()],
        twice: Arc::new(choice.clone()),
    })
    .await;
    assert_eq!(pool.closes(), 6);
    close(NotClone(Mutex::new(Some(pool.clone())))).await;
    close(NotSync(pool.clone(), Cell::new(1))).await;
    assert_eq!(pool.closes(), 8);
    drop((app, choice));
}
