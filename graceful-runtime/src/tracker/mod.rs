//! Work in flight: counted, refused once closing, and named where it does not end.
//!
//! A guard costs two instructions that other processors can see, as a clone of an `Arc` and its drop
//! do: `cache` finds the cell of the call, `count` decides and counts in one go. The rest is met only
//! at the first call of a thread, at the close, or by tasks.

mod cache;
mod cell;
mod close;
mod count;
mod guard;
mod in_flight;
mod shards;
mod shared;
mod slab;
mod sync;
mod task;

pub use guard::Guard;
pub use in_flight::InFlight;

use cell::Cell;
use shared::Shared;
use std::fmt;
use std::panic::Location;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use task::{Running, SpawnSlot, Tracked};
use tokio::task::JoinHandle;

/// Work in flight, which a stop waits for.
///
/// A field of the state like any other. Closing it refuses new work and waits for what has begun;
/// at its limit the report says what was left, where it was begun and for how long it had run.
///
/// ```
/// use graceful::{Guard, ShuttingDown, Tracker};
///
/// #[derive(graceful::Shutdown)]
/// struct App {
///     #[shutdown(timeout = "5s")]
///     sagas: Tracker,
/// }
///
/// impl App {
///     fn dispatch(&self, order: u64) -> Result<(), ShuttingDown> {
///         self.sagas.spawn(async move {
///             // reserve, charge, ship
/// #           let _ = order;
///         })?;
///         Ok(())
///     }
/// }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let app = App { sagas: Tracker::new() };
/// assert!(app.dispatch(7).is_ok());
/// app.sagas.close();
/// assert!(app.dispatch(8).is_err());
/// app.sagas.wait().await;
/// # }
/// ```
///
/// It is a handle: clones are the same tracker. Dropping all of them stops nothing; the work goes
/// on, only nobody can wait for it any more.
#[derive(Clone)]
pub struct Tracker {
    /// Never used twice in a process, so that a thread knows its cell by it.
    key: usize,
    shared: Arc<Shared>,
}

/// The tracker is closed: the process is stopping, and new work is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ShuttingDown;

impl fmt::Display for ShuttingDown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "shutting down, no new work is accepted: turn the request away as unavailable, or \
             leave the message in its queue",
        )
    }
}

impl std::error::Error for ShuttingDown {}

impl Tracker {
    /// An open tracker with nothing in flight.
    pub fn new() -> Self {
        static KEYS: AtomicUsize = AtomicUsize::new(1);
        Self {
            // Relaxed: nothing but a number of its own.
            key: KEYS.fetch_add(1, Ordering::Relaxed),
            shared: Arc::new(Shared::new()),
        }
    }

    /// Counts a piece of work as in flight, until the guard is dropped.
    ///
    /// It takes about as long as cloning an `Arc` and dropping it, also where several threads do so
    /// at the same time. The place of the call is known to [`left`](Tracker::left).
    ///
    /// # Errors
    ///
    /// [`ShuttingDown`] once closed.
    ///
    /// ```
    /// use graceful::{ShuttingDown, Tracker};
    ///
    /// let tracker = Tracker::new();
    /// let guard = tracker.guard()?;
    /// tracker.close();
    /// assert!(tracker.guard().is_err());
    /// assert_eq!(tracker.len(), 1);
    /// drop(guard);
    /// assert!(tracker.is_empty());
    /// # Ok::<_, ShuttingDown>(())
    /// ```
    #[inline]
    #[track_caller]
    pub fn guard(&self) -> Result<Guard, ShuttingDown> {
        self.guard_at(Location::caller())
    }

    /// [`guard`](Tracker::guard) at a place that is known already: for libraries that count on behalf of their
    /// callers, whose line is to stand in the report.
    ///
    /// # Errors
    ///
    /// [`ShuttingDown`] once the tracker is closed.
    #[inline]
    pub fn guard_at(&self, place: &'static Location<'static>) -> Result<Guard, ShuttingDown> {
        Guard::enter(self.cell(place)?).ok_or_else(|| self.refused(place))
    }

    #[inline]
    fn cell(&self, place: &'static Location<'static>) -> Result<&'static Cell, ShuttingDown> {
        match cache::find(self.key, place) {
            Some(cell) => Ok(cell),
            None => self.ask_for_cell(place),
        }
    }

    #[cold]
    fn ask_for_cell(
        &self,
        place: &'static Location<'static>,
    ) -> Result<&'static Cell, ShuttingDown> {
        if let Some(cell) = cache::find_displaced(self.key, place) {
            return Ok(cell);
        }
        let cell = self.shared.shard(place).ok_or(ShuttingDown)?;
        cache::remember(self.key, place, cell);
        Ok(cell)
    }

    /// From now on this thread asks the tracker itself, which refuses without counting.
    #[cold]
    fn refused(&self, place: &'static Location<'static>) -> ShuttingDown {
        cache::forget(self.key, place);
        ShuttingDown
    }

    /// Spawns a task on the current runtime, in flight until it has ended, by whichever way:
    /// completion, panic, [`abort`](JoinHandle::abort).
    ///
    /// Where it was spawned and when is known to [`left`](Tracker::left).
    ///
    /// # Errors
    ///
    /// [`ShuttingDown`] once closed. The future is dropped, unpolled. Where it must not get lost,
    /// take a [`guard`](Tracker::guard) first and move it into a task of your own.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime, as `tokio::spawn` does.
    #[track_caller]
    pub fn spawn<F>(&self, future: F) -> Result<JoinHandle<F::Output>, ShuttingDown>
    where
        F: Future<Output: Send + 'static> + Send + 'static,
    {
        let (running, slot) = self.admit(Location::caller())?;
        let task = tokio::spawn(Tracked::new(future, running));
        slot.attach(task.abort_handle());
        Ok(task)
    }

    /// Runs a function that blocks on the runtime's threads for such, in flight until it returns or
    /// panics.
    ///
    /// What has begun can't be aborted: at the limit it is named in the report and left behind.
    ///
    /// # Errors
    ///
    /// [`ShuttingDown`] once closed. The function is dropped, uncalled.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime, as `tokio::task::spawn_blocking` does.
    #[track_caller]
    pub fn spawn_blocking<T: Send + 'static>(
        &self,
        function: impl FnOnce() -> T + Send + 'static,
    ) -> Result<JoinHandle<T>, ShuttingDown> {
        let (running, slot) = self.admit(Location::caller())?;
        let task = tokio::task::spawn_blocking(move || {
            let _until_the_end = running;
            function()
        });
        slot.attach(task.abort_handle());
        Ok(task)
    }

    fn admit(
        &self,
        place: &'static Location<'static>,
    ) -> Result<(Running, SpawnSlot), ShuttingDown> {
        let cell = self.cell(place)?;
        task::begin(cell, self.shared.now()).ok_or_else(|| self.refused(place))
    }

    /// Refuses new work from now on, in all clones. What is in flight goes on. Calling it again
    /// changes nothing.
    pub fn close(&self) {
        self.shared.close();
    }

    /// Whether new work is refused.
    pub fn is_closed(&self) -> bool {
        self.shared.shards.is_closed()
    }

    /// How many guards and tasks are in flight: a snapshot, where other threads go on.
    pub fn len(&self) -> usize {
        let mut all = 0;
        for shard in self.shared.shards.left() {
            all += shard.cell.len();
        }
        all
    }

    /// Whether nothing is in flight: a snapshot, unless closed.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Resolves once the tracker is closed and nothing is in flight any more. Whatever was done
    /// under a guard, or by a task, has happened before.
    ///
    /// # Cancel safety
    ///
    /// It may be dropped and called again; it changes nothing.
    pub async fn wait(&self) {
        // Before the look: an end that comes between the two is not missed. It comes once and for
        // all, so there is no second look.
        let drained = self.shared.drained.notified();
        if !self.shared.shards.is_drained() {
            drained.await;
        }
    }

    /// What is in flight, grouped by the place that began it, the most first.
    ///
    /// ```
    /// use graceful::Tracker;
    ///
    /// let tracker = Tracker::new();
    /// let guard = tracker.guard();
    /// let left = tracker.left();
    /// assert_eq!(left[0].count, 1);
    /// assert_eq!(left[0].place.file(), file!());
    /// ```
    pub fn left(&self) -> Vec<InFlight> {
        let now = self.shared.now().elapsed();
        let mut places = Vec::new();
        // A copy: looking through a million tasks takes milliseconds, and holds up nobody.
        for shard in self.shared.shards.left() {
            let (count, oldest) = (shard.cell.len(), shard.cell.oldest());
            if count > 0 {
                places.push(InFlight {
                    place: shard.place,
                    count,
                    oldest: oldest.map(|since| now.saturating_sub(since.elapsed())),
                });
            }
        }
        in_flight::by_place(places)
    }

    /// Aborts the tasks that are in flight, and whatever was admitted but is not spawned yet.
    fn abort(&self) {
        for shard in self.shared.shards.left() {
            shard.cell.abort();
        }
    }
}

impl Default for Tracker {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Tracker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tracker")
            .field("closed", &self.is_closed())
            .field("in_flight", &self.len())
            .finish_non_exhaustive()
    }
}
