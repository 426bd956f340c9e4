//! The threads: they poll what is ready, one that is stuck in a poll is left with it, and more are
//! started beside it, up to a cap.

use super::queue::Queue;
use super::runtimes::Runtimes;
use super::task::{ReadyQueue, Task};
use crate::lock::{Lock, Locked, wait};
use std::cell::Cell;
use std::io;
use std::ptr;
use std::sync::{Arc, Condvar};
use std::thread;
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::Notify;
use tokio::time::sleep;

/// Threads of which none has come for a ready task for this long are taken for stuck: to take one and poll
/// it is a matter of microseconds.
const STUCK: Duration = Duration::from_millis(2);

/// What each of the threads is started with.
#[derive(Clone)]
pub(crate) struct ThreadSettings {
    /// Runs first on each.
    pub(crate) on_start: Arc<dyn Fn() + Send + Sync>,
    /// The most threads at the same time.
    pub(crate) max: usize,
    /// Whether the user's runtime is a `LocalRuntime`: what a task spawns locally has to be spawned on its thread,
    /// so tasks are polled there as long as it answers.
    pub(crate) is_local: bool,
    /// In bytes; the standard library's default where there is none.
    pub(crate) stack_size: Option<usize>,
}

pub(crate) struct Workers {
    runtimes: Runtimes,
    /// The runtime that control tasks have their timers in, which no user code makes late.
    clock: Handle,
    settings: ThreadSettings,
    // A mutex with a condition: held for some tens of nanoseconds, never across a task's code.
    queue: Lock<Queue>,
    is_ready: Condvar,
    /// The last control task that was polled has come back.
    control_rests: Condvar,
    /// Wakes the monitor.
    look: Notify,
}

thread_local! {
    /// Whose thread this is.
    static OWNER: Cell<*const Workers> = const { Cell::new(ptr::null()) };
}

/// What the monitor saw when it last looked.
#[derive(Default)]
struct Seen {
    taken: u64,
    /// How many threads it brought then: each of them takes a task, which is no progress of the others.
    brought: usize,
}

impl ReadyQueue for Workers {
    fn push(self: Arc<Self>, task: Arc<Task>) {
        let stays_local = self.stays_local() && !task.is_control();
        // A thread of ours comes back to the queue by itself: a sequence of quick tasks needs no hand-over.
        let is_own_thread = OWNER.get() == Arc::as_ptr(&self);
        let mut queue = self.lock();
        let is_first = queue.threads == 0;
        if is_first && queue.is_finished {
            return;
        }
        queue.push(task);
        let is_unmonitored = !std::mem::replace(&mut queue.is_monitored, true);
        if stays_local {
            drop(queue);
            if is_unmonitored {
                self.look.notify_one();
            }
            return self.run_in_users_runtime(1);
        }
        let wakes = !is_own_thread && queue.woken == 0 && queue.wake_idle(1) > 0;
        if is_first {
            queue.threads += 1;
        }
        drop(queue);
        if wakes {
            self.is_ready.notify_one();
        }
        if is_unmonitored {
            self.look.notify_one();
        }
        if is_first {
            // Where it can't be started, the monitor finds that nobody comes.
            self.start_counted(1);
        }
    }
}

impl Workers {
    pub(crate) fn new(user: Handle, clock: Handle, settings: ThreadSettings) -> Arc<Self> {
        Arc::new(Self {
            runtimes: Runtimes::new(user),
            clock,
            settings,
            queue: Lock::default(),
            is_ready: Condvar::new(),
            control_rests: Condvar::new(),
            look: Notify::new(),
        })
    }

    /// Others beside it, which none of its tasks block.
    pub(super) fn another(&self) -> Arc<Self> {
        let settings = ThreadSettings {
            is_local: false,
            ..self.settings.clone()
        };
        Self::new(self.runtimes.user().clone(), self.clock.clone(), settings)
    }

    pub(super) fn runtimes(&self) -> &Runtimes {
        &self.runtimes
    }

    pub(super) fn make_ready(self: &Arc<Self>) {
        let mut queue = self.lock();
        if queue.threads > 0 || queue.is_finished {
            return;
        }
        queue.threads += 1;
        drop(queue);
        self.start_counted(1);
    }

    pub(super) fn exhausted(&self) -> Option<usize> {
        self.lock().is_exhausted.then_some(self.settings.max)
    }

    /// From here on no control task is polled: the clock may end.
    pub(super) fn finish(&self) {
        let mut queue = self.lock();
        queue.is_finished = true;
        self.is_ready.notify_all();
        // They never block.
        while queue.control_polls > 0 {
            queue = wait(queue, &self.control_rests);
        }
        drop(queue);
        self.runtimes.end();
    }

    /// Looks after what is ready while no thread comes for it, and after the user's runtime. Never ends.
    pub(super) async fn monitor(self: &Arc<Self>) {
        let mut probing = std::pin::pin!(self.runtimes.keep_probing());
        let mut looking = std::pin::pin!(self.look_after_queue());
        std::future::poll_fn(|cx| {
            let _ = probing.as_mut().poll(cx);
            looking.as_mut().poll(cx)
        })
        .await;
    }

    async fn look_after_queue(self: &Arc<Self>) {
        if self.lock().is_monitored {
            // By one that has ended since.
            self.look.notify_one();
        }
        loop {
            self.look.notified().await;
            let mut seen = Seen::default();
            loop {
                sleep(STUCK).await;
                if !self.relieve(&mut seen) {
                    break;
                }
            }
        }
    }

    /// Brings threads where those that there are seem to be stuck; `false` where nothing is left to do.
    fn relieve(self: &Arc<Self>, seen: &mut Seen) -> bool {
        let mut queue = self.lock();
        if queue.len() == 0 {
            queue.is_monitored = false;
            return false;
        }
        let is_progress = queue.taken - seen.taken > seen.brought as u64;
        seen.taken = queue.taken;
        if is_progress {
            seen.brought = 0;
            return true;
        }
        if self.stays_local() {
            drop(queue);
            self.poll_control_here();
            return true;
        }
        // Doubled each time, so that a hundred blocking tasks are not found one by one.
        let wanted = (2 * seen.brought).clamp(1, queue.len());
        seen.brought = wanted;
        let woken = queue.wake_idle(wanted);
        let room = self.settings.max.saturating_sub(queue.threads);
        let started = (wanted - woken).min(room);
        queue.is_exhausted |= woken + started < wanted;
        queue.threads += started;
        drop(queue);
        for _ in 0..woken {
            self.is_ready.notify_one();
        }
        let missing = self.start_counted(started);
        self.poll_control_here();
        if missing > 0 {
            self.run_in_users_runtime(missing);
        }
        true
    }

    /// Starts `count` threads, which are counted already: how many are not to be had.
    fn start_counted(self: &Arc<Self>, count: usize) -> usize {
        for started in 0..count {
            if self.start_thread().is_err() {
                let missing = count - started;
                self.lock().threads -= missing;
                return missing;
            }
        }
        0
    }

    fn start_thread(self: &Arc<Self>) -> io::Result<()> {
        let workers = self.clone();
        let mut thread = thread::Builder::new().name("graceful-closing".to_owned());
        if let Some(bytes) = self.settings.stack_size {
            thread = thread.stack_size(bytes);
        }
        thread.spawn(move || workers.run_thread()).map(drop)
    }

    /// What decides on limits waits for no thread.
    fn poll_control_here(&self) {
        loop {
            let Some(task) = self.lock().pop_control() else {
                return;
            };
            self.poll_control(task);
        }
    }

    fn poll_control(&self, task: Arc<Task>) {
        {
            let mut queue = self.lock();
            if queue.is_finished {
                return;
            }
            queue.control_polls += 1;
        }
        {
            let _entered = self.clock.enter();
            task.poll_here();
        }
        let mut queue = self.lock();
        queue.control_polls -= 1;
        if queue.control_polls == 0 {
            self.control_rests.notify_all();
        }
    }

    /// Where no thread is to be had, tasks of the user's runtime are better than nothing.
    fn run_in_users_runtime(self: &Arc<Self>, count: usize) {
        for _ in 0..count {
            let workers = self.clone();
            self.runtimes.user().spawn(async move {
                // Another one may have come for it.
                let task = workers.lock().pop_user();
                if let Some(task) = task {
                    task.poll_here();
                }
            });
        }
    }

    /// Whether tasks are polled in the user's runtime, which is a local one that answers.
    fn stays_local(&self) -> bool {
        self.settings.is_local && self.runtimes.user_answers()
    }

    fn run_thread(self: Arc<Self>) {
        (self.settings.on_start)();
        OWNER.set(Arc::as_ptr(&self));
        while let Some(task) = self.next() {
            if task.is_control() {
                self.poll_control(task);
            } else {
                task.poll_on_thread(&self.runtimes.current());
            }
        }
    }

    /// Waits for a task; none where no more will come.
    fn next(&self) -> Option<Arc<Task>> {
        let mut queue = self.lock();
        loop {
            let task = if self.stays_local() {
                queue.pop_control()
            } else {
                queue.pop()
            };
            if task.is_some() {
                return task;
            }
            if queue.is_finished {
                queue.threads -= 1;
                return None;
            }
            queue.idle += 1;
            queue = wait(queue, &self.is_ready);
            queue.idle -= 1;
            queue.woken = queue.woken.saturating_sub(1).min(queue.idle);
        }
    }

    fn lock(&self) -> Locked<'_, Queue> {
        self.queue.lock()
    }
}
