//! What a thread that blocks is doing, as far as the system tells.

use crate::lock::{Lock, ends_while};
use std::cell::OnceCell;
use std::fmt;
use std::fs;
use std::sync::Condvar;
use std::time::{Duration, Instant};

/// How long a thread of ours is waited for that works, and would go on at once if it had a processor: a report of ten thousand
/// steps on a machine at a load of 15 takes longer than what a thread has that waits for somebody.
pub(crate) const WHILE_IT_WORKS: Duration = Duration::from_secs(1);

/// How often it is asked whether it works.
pub(crate) const LOOK: Duration = Duration::from_millis(20);

/// A thread, as `/proc` on Linux shows it: of a step that blocks its thread, in [`StepReport`](crate::StepReport).
///
/// Displayed as `thread graceful-closin (4711), sleeping in futex_wait_queue`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ThreadState {
    /// The kernel's number, as `top -H`, `gdb` and `perf` have it.
    pub id: u32,
    /// Its name: the first 15 bytes.
    pub name: String,
    /// `running`, `sleeping`, `disk sleep` and the like, of
    /// [`proc_pid_status(5)`](https://man7.org/linux/man-pages/man5/proc_pid_status.5.html).
    pub state: String,
    /// The kernel's function in which it waits, where the kernel shows that:
    /// [`proc_pid_wchan(5)`](https://man7.org/linux/man-pages/man5/proc_pid_wchan.5.html). `hrtimer_nanosleep` is a sleep,
    /// `futex_wait_queue` or `futex_do_wait` a lock, a channel or a join.
    pub waits_in: Option<String>,
}

impl ThreadState {
    /// None where the system does not tell: elsewhere than on Linux.
    pub(crate) fn of(id: u32) -> Option<Self> {
        let read = |file: &str| fs::read_to_string(format!("/proc/self/task/{id}/{file}")).ok();
        let status = read("status")?;
        let field = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            line.map(str::trim)
        };
        let (name, state) = (field("Name:")?, field("State:")?);
        // `S (sleeping)`
        let state = state.split_once('(').map_or(state, |(_, words)| words);
        let mut thread = Self {
            id,
            name: name.to_owned(),
            state: state.trim_end_matches(')').to_owned(),
            waits_in: None,
        };
        // Of one that runs it is said a moment later, when it may have fallen asleep: "running in a lock" would be neither.
        if !thread.is_running() {
            let function = read("wchan");
            thread.waits_in = function.filter(|function| !matches!(&**function, "" | "0"));
        }
        Some(thread)
    }

    /// Whether nothing but a processor is missing to it.
    pub(crate) fn is_running(&self) -> bool {
        self.state == "running"
    }
}

impl fmt::Display for ThreadState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            id, name, state, ..
        } = self;
        write!(f, "thread {name} ({id}), {state}")?;
        match &self.waits_in {
            Some(function) => write!(f, " in {function}"),
            None => Ok(()),
        }
    }
}

/// Whether nothing holds up a thread of ours but the machine: it runs, or waits for a processor or a disk. One without a number
/// has not had its first turn. Only Linux tells.
pub(crate) fn works(thread: Option<u32>) -> bool {
    match thread {
        Some(thread) => ThreadState::of(thread)
            .is_some_and(|thread| thread.is_running() || thread.state == "disk sleep"),
        None => current_thread().is_some(),
    }
}

/// How a thread that is late is waited for, in turns. One that waits for a lock sleeps as well, while who has that lock waits
/// for a processor: so only one that sleeps each time that it is looked at is held up.
pub(crate) struct Looks {
    limit: Duration,
    at_most: Duration,
    waited: Duration,
    /// How long of that it did not work.
    slept: Duration,
    asleep: u32,
}

impl Looks {
    /// After so many it is held up.
    const ASLEEP: u32 = 5;

    /// For `limit` while it sleeps, and `at_most` so long in all.
    pub(crate) fn new(limit: Duration, at_most: Duration) -> Self {
        Self {
            limit,
            at_most,
            waited: Duration::ZERO,
            slept: Duration::ZERO,
            asleep: 0,
        }
    }

    /// How long to wait for the next look.
    pub(crate) fn turn(&self) -> Duration {
        (self.limit / Self::ASLEEP).clamp(Duration::from_millis(1), LOOK)
    }

    /// Whether to go on behind a turn that took so long, at whose end the thread worked or did not.
    pub(crate) fn go_on(&mut self, took: Duration, works: bool) -> bool {
        // Where the machine stood still, whoever is waited for had no turn either.
        let took = took.min(2 * self.turn());
        self.waited += took;
        if works {
            self.asleep = 0;
        } else {
            self.slept += took;
            self.asleep += 1;
        }
        let is_late = self.asleep < Self::ASLEEP;
        self.waited < self.at_most && (self.slept < self.limit || is_late)
    }
}

/// Waits until what a thread of ours does `is_left` no more, but not longer than `limit` while it sleeps, or `at_most` in all.
pub(crate) fn wait_while_it_works<T>(
    state: &Lock<T>,
    changed: &Condvar,
    limit: Duration,
    at_most: Duration,
    is_left: impl Fn(&T) -> bool,
    works: impl Fn() -> bool,
) {
    let mut looks = Looks::new(limit, limit.max(at_most));
    loop {
        let began = Instant::now();
        if ends_while(state.lock(), changed, looks.turn(), &is_left)
            || !looks.go_on(began.elapsed(), works())
        {
            return;
        }
    }
}

thread_local! {
    static ID: OnceCell<Option<u32>> = const { OnceCell::new() };
}

/// The kernel's number of this thread, asked for once.
pub(crate) fn current_thread() -> Option<u32> {
    // Where the thread is about to end there is no more of it to know.
    ID.try_with(|id| *id.get_or_init(ask)).ok().flatten()
}

#[cfg(target_os = "linux")]
fn ask() -> Option<u32> {
    let link = fs::read_link("/proc/thread-self").ok()?;
    link.file_name()?.to_str()?.parse().ok()
}

#[cfg(not(target_os = "linux"))]
fn ask() -> Option<u32> {
    None
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use std::cell::Cell;
    use std::sync::mpsc::{RecvTimeoutError, channel};
    use std::thread;

    /// How often it was looked at, of one that would end at the `ends`th look.
    fn looks_until(ends: usize, limit: Duration, works: impl Fn(usize) -> bool) -> usize {
        let (state, changed, looks) = (Lock::new(()), Condvar::new(), Cell::new(0));
        let is_left = |(): &()| looks.get() < ends;
        wait_while_it_works(&state, &changed, limit, WHILE_IT_WORKS, is_left, || {
            looks.set(looks.get() + 1);
            works(looks.get())
        });
        looks.get()
    }

    #[test]
    fn one_that_waits_now_and_then_for_a_lock_is_waited_for() {
        let limit = Duration::from_millis(5);
        assert_eq!(looks_until(40, limit, |look| look % 4 == 0), 40);
    }

    #[test]
    fn a_machine_that_stands_still_takes_no_time_from_it() {
        let second = Duration::from_secs(1);
        let mut looks = Looks::new(second / 5, second);
        for _ in 0..4 {
            assert!(looks.go_on(2 * second, false));
        }
        assert!(looks.go_on(2 * second, true));
        // One that works has a second all the same, and one that sleeps has not.
        let turns = (0..100).take_while(|_| looks.go_on(LOOK, true)).count();
        assert_eq!(turns, 39);
        let mut looks = Looks::new(second / 5, second);
        let turns = (0..100).take_while(|_| looks.go_on(LOOK, false)).count();
        assert_eq!(turns, 9);
    }

    /// As a hook is that waits for an answer, on a machine that was late to begin it.
    #[test]
    fn one_that_has_worked_has_its_limit_all_the_same() {
        let second = Duration::from_secs(1);
        let mut looks = Looks::new(second / 5, second);
        for _ in 0..10 {
            assert!(looks.go_on(LOOK, true));
        }
        let turns = (0..100).take_while(|_| looks.go_on(LOOK, false)).count();
        assert_eq!(turns, 9);
    }

    #[test]
    fn one_that_is_held_up_is_waited_for_no_longer_than_its_limit() {
        let limit = Duration::from_millis(50);
        assert_eq!(looks_until(usize::MAX, limit, |_| false), 5);
    }

    /// Its state and what it waits in are two files, and it may wake or fall asleep between them.
    #[test]
    fn a_thread_that_runs_waits_in_nothing() {
        let (told, number) = channel();
        let (release, released) = channel::<()>();
        let busy = thread::spawn(move || {
            told.send(current_thread()).expect("it is waited for");
            let nap = Duration::from_micros(20);
            // It ends with the sender.
            while released.recv_timeout(nap) == Err(RecvTimeoutError::Timeout) {}
        });
        let id = number.recv().expect("it tells").expect("Linux has numbers");
        let looks: Vec<_> = (0..20_000).filter_map(|_| ThreadState::of(id)).collect();
        drop(release);
        busy.join().expect("it ends");
        assert!(looks.iter().any(|thread| !thread.is_running()));
        let runs: Vec<_> = looks.iter().filter(|thread| thread.is_running()).collect();
        assert!(!runs.is_empty());
        assert!(runs.iter().all(|thread| thread.waits_in.is_none()));
    }

    #[test]
    fn a_thread_that_waits_is_seen_with_its_name() {
        let (told, number) = channel();
        let (release, released) = channel::<()>();
        let waiting = thread::Builder::new().name("waits-for-a-lock".to_owned());
        let waiting = waiting.spawn(move || {
            told.send(current_thread()).expect("it is waited for");
            // It ends with the sender.
            let _ = released.recv();
        });
        let id = number.recv().expect("it tells").expect("Linux has numbers");
        let state = (0..1000)
            .filter_map(|_| {
                thread::yield_now();
                ThreadState::of(id)
            })
            .find(|thread| thread.state == "sleeping")
            .expect("it waits");
        assert_eq!(state.name, "waits-for-a-loc");
        let text = state.to_string();
        assert!(
            text.starts_with(&format!("thread waits-for-a-loc ({id}), sleeping")),
            "{text}"
        );
        drop(release);
        waiting.expect("it was started").join().expect("it ends");
        assert_eq!(ThreadState::of(u32::MAX), None);
    }
}
