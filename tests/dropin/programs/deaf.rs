//! Programs that don't listen: a signal used to kill them where they were.

use crate::Result;
use crate::work::{finish, finished, ready};
use std::future::pending;
use std::thread;
use std::time::Duration;
use tokio::runtime::Runtime;
use tokio::task::{spawn_blocking, yield_now};
use tokio::time::sleep;

/// Beyond what any test waits for.
const LONG: Duration = Duration::from_secs(100);

pub(crate) async fn idle() -> Result {
    ready();
    pending().await
}

pub(crate) async fn busy() -> Result {
    ready();
    loop {
        sleep(Duration::from_millis(10)).await;
    }
}

pub(crate) async fn tasks() -> Result {
    for _ in 0..3 {
        tokio::spawn(async {
            loop {
                sleep(Duration::from_millis(20)).await;
            }
        });
    }
    ready();
    pending().await
}

pub(crate) async fn blocking_task() -> Result {
    spawn_blocking(|| {
        ready();
        thread::sleep(LONG);
    })
    .await?;
    Ok(())
}

/// A server that blocks a worker of a runtime of its own, which `main` holds.
pub(crate) async fn blocked_runtime() -> Result {
    let other = Runtime::new()?;
    other.spawn(async {
        ready();
        thread::sleep(LONG);
    });
    pending::<()>().await;
    other.shutdown_background();
    Ok(())
}

pub(crate) async fn blocked() -> Result {
    yield_now().await; // a later poll than the first, as in most programs
    ready();
    thread::sleep(LONG);
    Ok(())
}

/// A query, say.
pub(crate) async fn batch_of_one_await() -> Result {
    ready();
    finish("batch", LONG).await;
    Ok(())
}

pub(crate) async fn batch_of_steps() -> Result {
    ready();
    for _ in 0..LONG.as_millis() / 50 {
        sleep(Duration::from_millis(50)).await;
    }
    finished("batch");
    Ok(())
}
