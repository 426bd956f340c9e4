//! The threads: they poll what is ready, one that is stuck in a poll is left with it, and more are
//! started beside it, up to a cap.

use super::queue::Queue;
use super::runtimes::Runtimes;
use super::task::{Begin, ReadyQueue, Task, TaskFuture};
use crate::futures::{Boxed, either};
use crate::lock::{Lock, Locked, wait};
use crate::thread;
use crate::thread_state::current_thread;
use std::cell::Cell;
use std::future::pending;
use std::ptr;
use std::sync::{Arc, Condvar};
use std::time::{Duration, Instant};
use tokio::runtime::Handle;
use tokio::sync::Notify;
use tokio::time::sleep;

/// Threads of which none has come for a ready task for this long are taken for stuck: to take one and poll
/// it is a matter of microseconds.
const STUCK: Duration = Duration::from_millis(2);

/// How long the supervisor does in one go what no thread comes for.
const HERE: Duration = Duration::from_millis(1);

/// How often it is looked whether a thread is back.
const BACK: Duration = Duration::from_millis(1);

/// When a task that spins is polled again in paused time, which goes on only where nothing is left to be done: so its limit
/// comes, and whatever it waits for.
const NEXT_LOOK: Duration = Duration::from_millis(1);

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

pub(crate) struct Executor {
    runtimes: Runtimes,
    /// The runtime that control tasks have their timers in, which no user code makes late.
    clock: Handle,
    /// None where tasks are polled as tasks of the user's runtime: in paused time a thread would stop the clock.
    threads: Option<ThreadSettings>,
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
    static OWNER: Cell<*const Executor> = const { Cell::new(ptr::null()) };
}

/// What the monitor saw when it last looked.
#[derive(Default)]
struct Seen {
    taken: u64,
    /// How many threads it brought then: each of them takes a task, which is no progress of the others.
    brought: usize,
}

impl ReadyQueue for Executor {
    fn push(self: Arc<Self>, task: Arc<Task>) {
        if self.threads.is_none() {
            return self.spawn_in_users_runtime(Some(task));
        }
        let stays_local = self.stays_local() && !task.is_control();
        // A thread of ours comes back to the queue by itself: a sequence of quick tasks needs no hand-over.
        let is_own_thread = OWNER.get() == Arc::as_ptr(&self);
        let mut queue = self.queue.lock();
        let is_first = queue.threads == 0;
        if is_first && queue.is_finished {
            return;
        }
        queue.push(task);
        if !std::mem::replace(&mut queue.is_monitored, true) {
            self.look.notify_one();
        }
        if stays_local {
            drop(queue);
            return self.spawn_in_users_runtime(None);
        }
        let wakes = !is_own_thread && queue.woken == 0;
        let woken = if wakes { queue.wake_idle(1) } else { 0 };
        // Where it can't be started, the monitor finds that nobody comes.
        self.bring(queue, woken, usize::from(is_first));
    }
}

impl Executor {
    /// On threads of its own, which enter the user's runtime.
    pub(crate) fn on_threads(user: Handle, clock: Handle, threads: ThreadSettings) -> Arc<Self> {
        Self::new(user, clock, Some(threads))
    }

    /// In the user's runtime alone, whose clock counts.
    pub(crate) fn in_runtime(user: Handle) -> Arc<Self> {
        Self::new(user.clone(), user, None)
    }

    fn new(user: Handle, clock: Handle, threads: Option<ThreadSettings>) -> Arc<Self> {
        Arc::new(Self {
            runtimes: Runtimes::new(user),
            clock,
            threads,
            queue: Lock::default(),
            is_ready: Condvar::new(),
            control_rests: Condvar::new(),
            look: Notify::new(),
        })
    }

    /// The same beside it, with threads of its own, which none of its tasks block.
    pub(crate) fn another(&self) -> Arc<Self> {
        let threads = self.threads.clone().map(|threads| ThreadSettings {
            is_local: false,
            ..threads
        });
        Self::new(self.runtimes.user().clone(), self.clock.clone(), threads)
    }

    /// Runs the user's code.
    pub(crate) fn spawn(self: &Arc<Self>, begin: Begin) -> Arc<Task> {
        Task::spawn(self.clone(), false, begin)
    }

    /// Runs code of ours that never blocks.
    pub(crate) fn spawn_control(self: &Arc<Self>, future: TaskFuture) {
        Task::spawn(self.clone(), true, Box::new(|| future));
    }

    pub(crate) fn has_threads(&self) -> bool {
        self.threads.is_some()
    }

    /// Starts a thread ahead of the first task.
    pub(crate) fn make_ready(self: &Arc<Self>) {
        let queue = self.queue.lock();
        if self.has_threads() && queue.threads == 0 && !queue.is_finished {
            self.bring(queue, 0, 1);
        }
    }

    /// Finds out whether the user's runtime answers, and with that where tasks find their timers and I/O.
    pub(crate) async fn probe(&self) {
        if self.has_threads() {
            self.runtimes.probe().await;
        }
    }

    /// The most threads that it may have, where that many were all stuck at once.
    pub(crate) fn exhausted(&self) -> Option<usize> {
        let threads = self.threads.as_ref()?;
        self.queue.lock().is_exhausted.then_some(threads.max)
    }

    /// Whether a closing thread is in code of the user's, and does not come back within `patience`.
    pub(crate) fn stays_in_users_code(&self, patience: Duration) -> bool {
        let began = Instant::now();
        while self.queue.lock().user_polls > 0 {
            if began.elapsed() >= patience {
                return true;
            }
            // A condition would cost each step a system call.
            std::thread::sleep(BACK);
        }
        false
    }

    /// How many tasks of the user's runtime have not ended.
    pub(crate) fn alive_tasks(&self) -> usize {
        self.runtimes.alive_tasks()
    }

    /// Whether the drop of what was cut has left work to the user's runtime, of which so many tasks were alive: it has spawned
    /// one, or aborted one, which is not dropped before its turn. One that does not answer gives it none.
    pub(crate) fn leaves_work(&self, alive: usize) -> bool {
        let (answers, rests) = (self.runtimes.user_answers(), self.runtimes.user_rests());
        self.alive_tasks() > alive || (alive > 0 && answers && !rests)
    }

    /// Whether what is alive in the user's runtime is the user's: where closes are tasks of it, some are ours. One that does
    /// not answer gives none of them a turn to end.
    pub(crate) fn has_only_tasks_of_the_user(&self) -> bool {
        self.has_threads() && self.runtimes.user_answers()
    }

    /// Whether the user's runtime has nothing to do.
    pub(crate) fn users_runtime_rests(&self) -> bool {
        self.runtimes.user_rests()
    }

    /// Whether the user's runtime has not answered for longer than a busy one takes.
    pub(crate) fn users_runtime_is_blocked(&self) -> bool {
        self.runtimes.user_is_blocked()
    }

    /// No more tasks will come: threads end with what they have. From here on no control task is polled: the clock
    /// may end.
    pub(crate) fn finish(&self) {
        let mut queue = self.queue.lock();
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
    pub(crate) fn monitor(self: &Arc<Self>) -> Boxed<'_> {
        let Some(threads) = &self.threads else {
            return Box::pin(pending());
        };
        let asking = self.runtimes.keep_asking();
        let looking = self.look_after_queue(threads.max);
        either(Box::pin(asking), Box::pin(looking))
    }

    async fn look_after_queue(self: &Arc<Self>, max: usize) {
        if self.queue.lock().is_monitored {
            // By one that has ended since.
            self.look.notify_one();
        }
        loop {
            self.look.notified().await;
            let mut seen = Seen::default();
            loop {
                sleep(STUCK).await;
                if !self.relieve(max, &mut seen) {
                    break;
                }
            }
        }
    }

    /// Brings threads where those that there are seem to be stuck; `false` where nothing is left to do.
    fn relieve(self: &Arc<Self>, max: usize, seen: &mut Seen) -> bool {
        let mut queue = self.queue.lock();
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
        let started = (wanted - woken).min(max.saturating_sub(queue.threads));
        // Not where one of them is only late: it is in no code of the user's.
        queue.is_exhausted |= woken + started < wanted && queue.user_polls >= max;
        let missing = self.bring(queue, woken, started);
        self.poll_control_here();
        // Where no thread is to be had, tasks of the user's runtime are better than nothing. One that is blocked would only
        // keep those of each round.
        if self.runtimes.user_answers() {
            for _ in 0..missing {
                self.spawn_in_users_runtime(None);
            }
        }
        true
    }

    /// Wakes so many of the idle threads, and starts so many more: how many of those are not to be had.
    fn bring(
        self: &Arc<Self>,
        mut queue: Locked<'_, Queue>,
        woken: usize,
        started: usize,
    ) -> usize {
        queue.threads += started;
        drop(queue);
        for _ in 0..woken {
            self.is_ready.notify_one();
        }
        for missing in (1..=started).rev() {
            let (executor, threads) = (self.clone(), self.threads.as_ref());
            let stack_size = threads.and_then(|threads| threads.stack_size);
            let run = Box::new(move || executor.run_thread());
            if thread::start("graceful-closing", stack_size, run).is_err() {
                self.queue.lock().threads -= missing;
                return missing;
            }
        }
        0
    }

    /// What decides on limits waits for no thread. The signals and the deadline wait for this one, so it has little time: what is
    /// left has the next look.
    fn poll_control_here(&self) {
        let began = Instant::now();
        while began.elapsed() < HERE {
            let Some(task) = self.queue.lock().pop_control() else {
                return;
            };
            self.poll_control(task);
        }
    }

    fn poll_control(&self, task: Arc<Task>) {
        {
            let mut queue = self.queue.lock();
            if queue.is_finished {
                return;
            }
            queue.control_polls += 1;
        }
        {
            let _entered = self.clock.enter();
            task.poll_here();
        }
        let mut queue = self.queue.lock();
        queue.control_polls -= 1;
        // Only who finishes waits for that, and a condition is a system call also where nobody does.
        if queue.is_finished && queue.control_polls == 0 {
            self.control_rests.notify_all();
        }
    }

    /// Has this task polled there, or one of the queue.
    fn spawn_in_users_runtime(self: &Arc<Self>, task: Option<Arc<Task>>) {
        let executor = self.clone();
        let spins = |task: &Arc<Task>| !task.is_control() && task.spins();
        let spins = task.as_ref().is_some_and(spins);
        let poll: TaskFuture = Box::pin(async move {
            if spins {
                sleep(NEXT_LOOK).await;
            }
            match task.or_else(|| executor.queue.lock().pop_user()) {
                Some(task) if task.is_control() => executor.poll_control(task),
                Some(task) => task.poll_here(),
                // Another one has come for it.
                None => {}
            }
        });
        self.runtimes.user().spawn(poll);
    }

    /// Whether tasks are polled in the user's runtime, which is a local one that is not blocked. One answer that is late is none
    /// missing: what is polled elsewhere by mistake can't spawn locally.
    fn stays_local(&self) -> bool {
        let threads = self.threads.as_ref();
        threads.is_some_and(|threads| threads.is_local) && !self.runtimes.user_is_blocked()
    }

    fn run_thread(self: Arc<Self>) {
        if let Some(threads) = &self.threads {
            (threads.on_start)();
        }
        OWNER.set(Arc::as_ptr(&self));
        // Each step asks for it, and the first one of a thread the system: better ahead of the stop.
        current_thread();
        let mut polled = 0;
        while let Some(task) = self.next(polled) {
            if task.is_control() {
                polled = 0;
                self.poll_control(task);
            } else {
                polled = 1;
                task.poll_on_thread(&self.runtimes.current());
            }
        }
    }

    /// Waits for a task, behind so many of the user's that the thread has polled; none where no more will come.
    fn next(&self, polled: usize) -> Option<Arc<Task>> {
        let mut queue = self.queue.lock();
        queue.user_polls -= polled;
        loop {
            let task = if self.stays_local() {
                queue.pop_control()
            } else {
                queue.pop()
            };
            if let Some(task) = &task {
                queue.user_polls += usize::from(!task.is_control());
            }
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
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::ready;
    use std::sync::mpsc::channel;
    use tokio::runtime::Builder;

    /// What it was in has told of its end before, and whoever heard of that may end the process.
    #[test]
    fn a_thread_that_is_late_to_come_back_is_waited_for() {
        let runtime = Builder::new_current_thread().build();
        let runtime = runtime.expect("there is memory");
        let threads = ThreadSettings {
            on_start: Arc::new(|| {}),
            max: 1,
            is_local: false,
            stack_size: None,
        };
        let handle = runtime.handle();
        let executor = Executor::on_threads(handle.clone(), handle.clone(), threads);
        let (tell, told) = channel();
        let (release, released) = channel::<()>();
        executor.spawn(Box::new(move || {
            tell.send(()).expect("it is waited for");
            // It ends with the sender.
            let _ = released.recv();
            Box::pin(ready(()))
        }));
        told.recv().expect("it runs");
        assert!(executor.stays_in_users_code(Duration::ZERO));
        let waits = executor.clone();
        let waits = std::thread::spawn(move || waits.stays_in_users_code(Duration::from_secs(60)));
        drop(release);
        assert!(!waits.join().expect("it does not panic"));
        executor.finish();
    }
}
