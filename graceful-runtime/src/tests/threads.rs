//! What only threads show: closes that block, and errors that are the user's to drop. Real time, with
//! margins for a busy machine.

use super::ms;
use crate::{Builder, Context, Embedded, Outcome, Plan, Result, Shutdown, Step, Steps, defer};
use std::fmt;
use std::time::{Duration, Instant};

const LONG: Duration = Duration::from_secs(60);

#[derive(Debug)]
struct DropBlocks;

impl fmt::Display for DropBlocks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("its drop blocks")
    }
}

impl std::error::Error for DropBlocks {}

impl Drop for DropBlocks {
    fn drop(&mut self) {
        std::thread::sleep(LONG);
    }
}

#[tokio::test]
async fn an_error_that_comes_too_late_is_dropped_where_it_holds_up_nobody() {
    let embedded = Embedded::new();
    let handle = embedded.handle();
    handle.defer("last", |_| tokio::time::sleep(ms(1000)));
    let late = handle.defer("late", |_| async {
        std::thread::sleep(ms(600));
        Err::<(), _>(DropBlocks)
    });
    late.timeout(ms(50));
    let report = embedded.stop(LONG).await;
    let outcome = |name: &str| report.step(name).map(|step| step.outcome.to_string());
    assert_eq!(outcome("late").as_deref(), Some("timed out"));
    assert_eq!(outcome("last").as_deref(), Some("closed"));
}

/// A hundred closes at the same time, each of which blocks its thread for a second.
#[tokio::test]
async fn blocking_closes_do_not_wait_for_each_other() {
    struct Blocks;
    impl Shutdown for Blocks {
        async fn shutdown(self, _cx: Context) -> Result {
            std::thread::sleep(Duration::from_secs(1));
            Ok(())
        }
    }
    let embedded = Embedded::new();
    embedded.run((0..100).map(|_| Blocks).collect::<Vec<_>>());
    let began = Instant::now();
    let report = embedded.stop(LONG).await;
    assert!(report.is_clean(), "{report}");
    // One after the other, or by eights, they would take 100 s or 13 s.
    assert!(began.elapsed() < Duration::from_secs(10), "{report}");
}

/// What a plain close may do, before its future is polled, it may do while the program's runtime is blocked too.
#[test]
fn a_close_may_block_on_a_runtime_though_the_programs_is_blocked() {
    struct BlocksOnItself;
    impl Shutdown for BlocksOnItself {
        const PLAN: Plan = Plan::new("BlocksOnItself", &[Step::new("step")]);
        fn shutdown(self, cx: Context) -> impl Future<Output = Result> + Send {
            let mut steps = Steps::new(cx, Self::PLAN);
            steps.call((), |(), _| {
                let handle = tokio::runtime::Handle::current();
                handle.block_on(tokio::time::sleep(ms(1)));
                std::future::ready(Ok(()))
            });
            steps.run()
        }
    }
    let (sender, receiver) = std::sync::mpsc::channel();
    Builder::current_thread()
        .signals([])
        .timeout(Duration::from_secs(20))
        .run(async move {
            defer("step", move |cx| async move {
                let closed = BlocksOnItself.shutdown(cx).await;
                sender.send(closed.is_ok()).expect("the test waits");
            });
            tokio::spawn(async { std::thread::sleep(Duration::from_secs(1)) });
            tokio::task::yield_now().await;
        });
    assert_eq!(receiver.try_recv(), Ok(true));
}

#[tokio::test]
async fn a_limit_may_be_for_ever() {
    let embedded = Embedded::new();
    let deferred = embedded.handle().defer("a", |_| async {});
    deferred.timeout(Duration::MAX);
    let report = embedded.stop(Duration::MAX).await;
    assert!(
        matches!(report.steps[0].outcome, Outcome::Closed),
        "{report}"
    );
}

#[tokio::test]
async fn tens_of_thousands_that_hang_are_taken_away_in_time() {
    struct Hangs;
    impl Shutdown for Hangs {
        async fn shutdown(self, _cx: Context) -> Result {
            std::future::pending().await
        }
    }
    let embedded = Embedded::new();
    embedded.run((0..60_000).map(|_| Hangs).collect::<Vec<_>>());
    let began = Instant::now();
    let report = embedded.stop(ms(2000)).await;
    assert_eq!(report.steps.len(), 60_000);
    // Each looked for among all others, they took 5.4 s beyond their limit.
    assert!(began.elapsed() < Duration::from_secs(5));
}
