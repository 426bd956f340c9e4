//! In which runtime a task finds its timers and I/O: the user's, or a spare one where that does not answer.

use super::spare::Spare;
use super::task::TaskFuture;
use crate::futures::Boxed;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::time::{sleep, timeout};

/// A runtime that has not run a task for this long is taken for blocked. A busy one answers in
/// microseconds, and one that is taken for blocked by mistake loses nothing: its I/O still works.
const ANSWERS_WITHIN: Duration = Duration::from_millis(50);

/// One that has been asked so often in a row, and did not answer, is said to be blocked: a busy machine makes an answer late.
const IS_BLOCKED: u32 = 3;

pub(crate) struct Runtimes {
    user: Handle,
    spare: Spare,
    /// How often in a row the user's did not answer. Relaxed: a hint that publishes nothing else. A task that begins in the
    /// wrong runtime for a moment is bounded by its limit all the same.
    unanswered: AtomicU32,
    /// Each task that asks it holds one.
    asks: Arc<()>,
}

impl Runtimes {
    pub(super) fn new(user: Handle) -> Self {
        Self {
            user,
            spare: Spare::default(),
            unanswered: AtomicU32::new(0),
            asks: Arc::default(),
        }
    }

    pub(super) fn user(&self) -> &Handle {
        &self.user
    }

    pub(super) fn user_answers(&self) -> bool {
        self.unanswered.load(Ordering::Relaxed) == 0
    }

    pub(super) fn user_is_blocked(&self) -> bool {
        self.unanswered.load(Ordering::Relaxed) >= IS_BLOCKED
    }

    /// How many tasks of it have not ended, without those of ours that ask it.
    pub(super) fn alive_tasks(&self) -> usize {
        // Looked at first: one that ends in between is counted by neither.
        let asking = Arc::strong_count(&self.asks) - 1;
        self.user.metrics().num_alive_tasks().saturating_sub(asking)
    }

    /// The one that answers.
    pub(super) fn current(&self) -> Handle {
        let spare = (!self.user_answers())
            .then(|| self.spare.handle())
            .flatten();
        spare.unwrap_or_else(|| self.user.clone())
    }

    /// Finds out whether the user's runtime answers. One that waits for work does, and its answer is not waited for. One that
    /// did not answer is not asked again here: rounds of closes that follow each other would wait for it each time.
    pub(super) async fn probe(&self) {
        if self.has_parked_worker() {
            self.set_answers(true);
            // A worker that kept the time and is blocked leaves that to nobody: who runs this goes on to it.
            drop(self.user.spawn(self.question()));
        } else if self.user_answers() {
            self.ask().await;
        }
    }

    /// A task that does nothing, and is none of the user's.
    fn question(&self) -> TaskFuture {
        let asks = self.asks.clone();
        Box::pin(async move { drop(asks) })
    }

    /// Asks it to run a task.
    fn ask(&self) -> Boxed<'_> {
        Box::pin(async {
            let mut asked = self.user.spawn(self.question());
            let answer = timeout(ANSWERS_WITHIN, &mut asked).await;
            // One that has ended answers too: that it runs nothing.
            self.set_answers(matches!(answer, Ok(Ok(()))));
            asked.abort();
        })
    }

    /// Goes on asking; never ends.
    pub(super) async fn keep_asking(&self) {
        loop {
            sleep(ANSWERS_WITHIN).await;
            self.ask().await;
        }
    }

    /// Whether all of its workers wait for work, and none is there for them: one that was woken may wait for a processor.
    pub(super) fn user_rests(&self) -> bool {
        // Looked at first: who takes work is no more parked.
        let has_work = self.user.metrics().global_queue_depth() > 0;
        let (parked, workers) = self.parked_workers();
        !has_work && parked == workers
    }

    /// How many of its workers are parked, and how many there are.
    #[cfg(target_has_atomic = "64")]
    fn parked_workers(&self) -> (usize, usize) {
        let metrics = self.user.metrics();
        // Parked and unparked, as often as each other where it is not parked.
        let is_parked = |worker: &usize| metrics.worker_park_unpark_count(*worker) % 2 == 1;
        let workers = metrics.num_workers();
        ((0..workers).filter(is_parked).count(), workers)
    }

    /// tokio does not count there.
    #[cfg(not(target_has_atomic = "64"))]
    fn parked_workers(&self) -> (usize, usize) {
        (0, 0)
    }

    fn has_parked_worker(&self) -> bool {
        self.parked_workers().0 > 0
    }

    pub(super) fn end(&self) {
        self.spare.end();
    }

    fn set_answers(&self, answers: bool) {
        let unanswered = self.unanswered.load(Ordering::Relaxed);
        let unanswered = if answers {
            0
        } else {
            unanswered.saturating_add(1)
        };
        self.unanswered.store(unanswered, Ordering::Relaxed);
    }
}

#[cfg(all(test, target_has_atomic = "64"))]
mod tests {
    use super::*;
    use std::sync::mpsc::channel;
    use std::task::{Context, Poll, Waker};
    use tokio::runtime::Builder;

    #[test]
    fn one_that_waits_for_work_is_not_asked_and_one_that_is_blocked_is() {
        let user = Builder::new_multi_thread().worker_threads(1).build();
        let user = user.expect("there are threads");
        let runtimes = Runtimes::new(user.handle().clone());
        let parks_soon = (0..20_000).any(|_| {
            std::thread::sleep(Duration::from_millis(1));
            runtimes.has_parked_worker()
        });
        assert!(parks_soon);
        runtimes.set_answers(false);
        // There is no clock, which asking needs.
        let mut task = Context::from_waker(Waker::noop());
        let probed = std::pin::pin!(runtimes.probe()).poll(&mut task);
        assert_eq!(probed, Poll::Ready(()));
        assert!(runtimes.user_answers());

        let (tell, told) = channel();
        let (release, released) = channel::<()>();
        user.spawn(async move {
            tell.send(()).expect("it is waited for");
            // It ends with the sender.
            let _ = released.recv();
        });
        told.recv().expect("it runs");
        let clock = Builder::new_current_thread().enable_time().build();
        clock.expect("there is memory").block_on(runtimes.probe());
        assert!(!runtimes.user_answers());
        drop(release);
    }

    #[tokio::test]
    async fn what_asks_it_is_no_task_of_the_users() {
        let runtimes = Runtimes::new(Handle::current());
        let mut asks = runtimes.ask();
        // It is spawned, and this thread does not get to it.
        let mut task = Context::from_waker(Waker::noop());
        assert_eq!(asks.as_mut().poll(&mut task), Poll::Pending);
        assert_eq!(runtimes.alive_tasks(), 0);
        let users = tokio::spawn(std::future::pending::<()>());
        assert_eq!(runtimes.alive_tasks(), 1);
        asks.await;
        assert!(runtimes.user_answers());
        assert_eq!(runtimes.alive_tasks(), 1);
        users.abort();
    }

    /// tokio has one of the workers keep the time.
    #[test]
    fn a_worker_that_is_blocked_leaves_the_time_to_another() {
        let mut user = Builder::new_multi_thread();
        let user = user.worker_threads(2).enable_time().build();
        let user = user.expect("there are threads");
        let (tell, told) = channel();
        let (release, released) = channel::<()>();
        user.spawn(async move {
            // Its timer has it run where the time is kept.
            sleep(Duration::from_millis(10)).await;
            tell.send(()).expect("it is waited for");
            // It ends with the sender.
            let _ = released.recv();
        });
        told.recv().expect("it runs");
        let clock = Builder::new_current_thread().enable_time().build();
        let runtimes = Runtimes::new(user.handle().clone());
        clock.expect("there is memory").block_on(runtimes.probe());
        let (awake, woken) = channel();
        let handle = user.handle().clone();
        std::thread::spawn(move || {
            handle.block_on(async { sleep(Duration::from_millis(1)).await });
            // Whoever waited may have given up.
            let _ = awake.send(());
        });
        let woken = woken.recv_timeout(Duration::from_secs(20));
        drop(release);
        assert!(woken.is_ok());
    }
}
