//! Ordered immediate closes as others do them: the time from the request to the last one's end.

use std::time::{Duration, Instant};
use tokio::time::timeout;
use tokio_graceful_shutdown::{SubsystemBuilder, SubsystemHandle, Toplevel};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// What each close may take, where a peer knows limits.
const LIMIT: Duration = Duration::from_secs(1);

/// By hand, as most programs do it: one after the other, each within its time, none guarded against
/// a panic or a close that blocks its thread.
///
/// # Panics
///
/// If one takes longer than its limit.
pub async fn in_line(count: u32) -> Duration {
    let began = Instant::now();
    for _ in 0..count {
        let closed = timeout(LIMIT, async { std::hint::black_box(()) }).await;
        assert!(closed.is_ok());
    }
    began.elapsed()
}

/// By hand, each in a task of its own: a panic of one is not that of the others.
///
/// # Panics
///
/// If one takes longer than its limit.
pub async fn spawned(count: u32) -> Duration {
    let began = Instant::now();
    for _ in 0..count {
        let closed = timeout(LIMIT, tokio::spawn(async {})).await;
        assert!(matches!(closed, Ok(Ok(()))));
    }
    began.elapsed()
}

/// tokio-util's `CancellationToken` and `TaskTracker`, a pair for each: told, closed, waited for.
///
/// # Panics
///
/// If one takes longer than its limit.
pub async fn tracked(count: u32) -> Duration {
    let steps = (0..count).map(|_| {
        let (token, tracker) = (CancellationToken::new(), TaskTracker::new());
        tracker.spawn(token.clone().cancelled_owned());
        (token, tracker)
    });
    let steps: Vec<_> = steps.collect();
    settle().await;
    let began = Instant::now();
    for (token, tracker) in &steps {
        token.cancel();
        tracker.close();
        assert!(timeout(LIMIT, tracker.wait()).await.is_ok());
    }
    began.elapsed()
}

/// tokio-graceful-shutdown: each subsystem waits for the end of the one before it, as in its example
/// `19_sequential_shutdown`.
///
/// # Panics
///
/// If the shutdown fails.
pub async fn subsystems(count: u32) -> Duration {
    let stop = CancellationToken::new();
    let root = async move |top: &mut SubsystemHandle| {
        let mut before = None;
        for _ in 0..count {
            let wait = before.take();
            let one = async move |subsystem: &mut SubsystemHandle| {
                subsystem.on_shutdown_requested().await;
                if let Some(before) = wait {
                    let before: tokio_graceful_shutdown::SubsystemFinishedFuture = before;
                    before.await;
                }
                Ok::<_, std::io::Error>(())
            };
            before = Some(top.start(SubsystemBuilder::new("step", one)).finished());
        }
    };
    let top: Toplevel = Toplevel::new_with_shutdown_token(root, stop.clone());
    let stopped = tokio::spawn(top.handle_shutdown_requests(LIMIT * count));
    settle().await;
    let began = Instant::now();
    stop.cancel();
    stopped.await.expect("it runs").expect("it stops");
    began.elapsed()
}

/// Every task waits for its stop.
async fn settle() {
    tokio::time::sleep(Duration::from_millis(5)).await;
}
