//! What all of the services have.

use graceful::{Context, Result, Shutdown};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::sleep;

const WORKERS: usize = 4;

const BETWEEN_TWO: Duration = Duration::from_millis(1);

/// What is asked of the service: its second argument.
pub(crate) fn case() -> String {
    std::env::args().nth(2).expect("a case")
}

/// Where the server listens.
pub(crate) fn port() -> u16 {
    let port = std::env::var("PORT").expect("PORT");
    port.parse().expect("a number")
}

pub(crate) fn ready() {
    println!("ready");
}

/// A field that is closed behind the client: it says so.
#[derive(Debug)]
pub(crate) struct Beside;

impl Shutdown for Beside {
    async fn shutdown(self, _cx: Context) -> Result {
        println!("beside: closed");
        Ok(())
    }
}

/// Several tasks that do this piece of work again and again until the stop, and say how many the server has
/// acknowledged. The service is ready when each has done one.
pub(crate) fn load<W, F>(work: W) -> JoinHandle<Result>
where
    W: Fn() -> F + Clone + Send + 'static,
    F: Future<Output = Result> + Send + 'static,
{
    tokio::spawn(async move {
        let begun = Arc::new(AtomicUsize::new(0));
        let mut workers = JoinSet::new();
        for _ in 0..WORKERS {
            workers.spawn(worker(work.clone(), begun.clone()));
        }
        let mut acknowledged = 0;
        while let Some(done) = workers.join_next().await {
            acknowledged += done??;
        }
        println!("acknowledged {acknowledged}");
        Ok(())
    })
}

async fn worker<F: Future<Output = Result>>(
    work: impl Fn() -> F,
    begun: Arc<AtomicUsize>,
) -> Result<u64> {
    let mut done = 0;
    while !graceful::is_requested() {
        work().await?;
        done += 1;
        // Relaxed: a number, which orders nothing else.
        if done == 1 && begun.fetch_add(1, Ordering::Relaxed) + 1 == WORKERS {
            ready();
        }
        // A pool may serve who asks again at once before those that wait: bb8's did, for half a minute.
        sleep(BETWEEN_TWO).await;
    }
    Ok(done)
}
