//! A close has tokio's cooperative budget: one that awaits what is always ready can be dropped at its
//! limit, and lets its own timers fire. What a plain one may do is no less for that.

use crate::life::{Gone, Held, stop};
use crate::ms;
use graceful::testing::AssertReport as _;
use graceful::{Context, Outcome, Shutdown};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::runtime::Handle;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::{sleep, timeout};

on_each_flavor!(
    a_close_that_is_always_ready_is_dropped_at_its_limit,
    a_timeout_of_its_own_fires_in_a_close_that_is_always_ready,
    many_that_are_always_ready_leave_each_other_their_turn,
    a_plain_close_may_block_on_the_runtime,
);

/// A queue that never runs dry: what it hands out comes back, as work that is to be tried again.
struct Queue {
    sender: UnboundedSender<()>,
    receiver: UnboundedReceiver<()>,
    taken: Arc<AtomicU64>,
}

impl Queue {
    fn new() -> Self {
        let (sender, receiver) = unbounded_channel();
        sender.send(()).expect("its receiver is here");
        Self {
            sender,
            receiver,
            taken: Arc::default(),
        }
    }

    async fn drain(mut self) {
        let began = Instant::now();
        while self.receiver.recv().await.is_some() {
            self.taken.fetch_add(1, Ordering::Relaxed);
            self.sender.send(()).expect("its receiver is here");
            // Where nobody stops it, the test has failed long ago.
            if began.elapsed() > ms(30_000) {
                return;
            }
        }
    }
}

#[derive(graceful::Shutdown)]
struct Drained {
    #[shutdown(timeout = "300ms", with = |queue, _| drain(queue))]
    queue: (Queue, Held),
    #[shutdown(timeout = "8s", with = nothing_is_taken)]
    db: (Arc<AtomicU64>, Gone),
}

async fn drain((queue, held): (Queue, Held)) {
    let _held = held;
    queue.drain().await;
}

async fn nothing_is_taken((taken, gone): (Arc<AtomicU64>, Gone), _: Context) -> graceful::Result {
    // A poll of some microseconds that a busy machine interrupts may come to its end later than the next step begins.
    while !gone.is_gone() {
        sleep(ms(1)).await;
    }
    let before = taken.load(Ordering::Relaxed);
    sleep(ms(200)).await;
    match taken.load(Ordering::Relaxed) - before {
        0 => Ok(()),
        meanwhile => Err(format!("{meanwhile} taken meanwhile").into()),
    }
}

fn a_close_that_is_always_ready_is_dropped_at_its_limit(flavor: &str) {
    let report = stop(flavor, ms(10_000), async |_| {
        let (queue, gone) = (Queue::new(), Gone::default());
        let db = (queue.taken.clone(), gone.clone());
        Drained {
            queue: (queue, gone.held()),
            db,
        }
    });
    report.assert_timed_out("queue").assert_closed("db");
    assert!(report.step("queue").unwrap().took < ms(10_000), "{report}");
}

#[derive(graceful::Shutdown)]
struct Limited {
    #[shutdown(timeout = "20s", with = within_a_limit_of_its_own)]
    queue: Queue,
}

async fn within_a_limit_of_its_own(queue: Queue, _: Context) {
    timeout(ms(100), queue.drain())
        .await
        .expect_err("the queue never runs dry");
}

fn a_timeout_of_its_own_fires_in_a_close_that_is_always_ready(flavor: &str) {
    let queue = Queue::new;
    let report = stop(flavor, ms(30_000), async |_| Limited { queue: queue() });
    report.assert_closed("queue").assert_within(ms(10_000));
}

impl Shutdown for Queue {
    async fn shutdown(self, _: Context) -> graceful::Result {
        self.drain().await;
        Ok(())
    }
}

#[derive(graceful::Shutdown)]
struct Many {
    #[shutdown(timeout = "300ms")]
    queues: Vec<Queue>,
    #[shutdown(order = 0, timeout = "5s", with = |(), _| sleep(ms(50)))]
    beside: (),
}

/// More than there are threads for at once.
fn many_that_are_always_ready_leave_each_other_their_turn(flavor: &str) {
    let taken = Arc::new(AtomicU64::new(0));
    let report = stop(flavor, ms(10_000), async |_| Many {
        queues: (0..20)
            .map(|_| Queue {
                taken: taken.clone(),
                ..Queue::new()
            })
            .collect(),
        beside: (),
    });
    report
        .assert_timed_out("queues.0")
        .assert_timed_out("queues.19")
        .assert_closed("beside");
    // A poll of some microseconds that a busy machine interrupts comes to its end. One that nobody cut goes on for 30 s.
    let goes_on = || {
        let before = taken.load(Ordering::Relaxed);
        std::thread::sleep(ms(100));
        taken.load(Ordering::Relaxed) > before
    };
    let is_cut = (0..10).any(|_| !goes_on());
    assert!(is_cut, "taken after the stop\n{report}");
}

#[derive(graceful::Shutdown)]
struct Plain {
    #[shutdown(timeout = "3s", with = |(), _| std::thread::sleep(ms(20)))]
    blocks: (),
    #[shutdown(timeout = "3s", with = |(), _| Handle::current().block_on(sleep(ms(20))))]
    blocks_on: (),
    #[shutdown(timeout = "3s", with = |(), _| has_a_runtime_of_its_own())]
    has_a_runtime: (),
    #[shutdown(timeout = "3s", method = close)]
    by_method: Client,
    #[shutdown(timeout = "3s", method = close)]
    by_method_inside: Option<Client>,
    #[shutdown(timeout = "3s", with = |client, _| client.close())]
    by_method_of_a_closure: Client,
}

struct Client(Duration);

impl Client {
    fn close(&self) -> bool {
        Handle::current().block_on(sleep(self.0));
        true
    }
}

/// As blocking clients of HTTP and of databases do.
fn has_a_runtime_of_its_own() {
    let runtime = crate::life::runtime("current_thread");
    runtime.block_on(sleep(ms(20)));
}

fn a_plain_close_may_block_on_the_runtime(flavor: &str) {
    let report = stop(flavor, ms(10_000), async |_| Plain {
        blocks: (),
        blocks_on: (),
        has_a_runtime: (),
        by_method: Client(ms(20)),
        by_method_inside: Some(Client(ms(20))),
        by_method_of_a_closure: Client(ms(20)),
    });
    report.assert_clean();
    let closed = |step: &graceful::StepReport| matches!(step.outcome, Outcome::Closed);
    assert!(report.steps.iter().all(closed), "{report}");
}

/// Which is of the multi-threaded runtime alone.
#[test]
fn a_close_may_block_in_place() {
    #[derive(graceful::Shutdown)]
    struct InPlace {
        #[shutdown(timeout = "3s", with = |(), _| in_place())]
        file: (),
    }
    async fn in_place() {
        sleep(ms(10)).await;
        let blocked = || Handle::current().block_on(sleep(ms(10)));
        tokio::task::block_in_place(blocked);
    }
    stop("multi_thread", ms(10_000), async |_| InPlace { file: () }).assert_clean();
}
