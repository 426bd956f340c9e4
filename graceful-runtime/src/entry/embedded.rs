//! A life inside a host that owns the signals and the runtime.

use crate::closing::Place;
#[cfg(feature = "test-util")]
use crate::fault::Faults;
use crate::lifecycle::{Handle, Lifecycle, enter};
use crate::reason::Reason;
use crate::report::Report;
use crate::settings::Settings;
use crate::shutdown::Shutdown;
#[cfg(feature = "test-util")]
use crate::supervisor::keep_in_time;
use crate::supervisor::{Course, keep_on_time};
use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// The least that a stop has: each close is begun, also where the host's runtime has to be found
/// blocked first, which takes half of it.
const AT_LEAST: Duration = Duration::from_millis(100);

/// A service inside a program that owns the signals and the runtime: a library, a plug-in, a test.
///
/// The same state that `#[graceful::main]` would run is closed by one call, with the same
/// guarantees: orders, limits and a deadline that hold whatever the closes do. Any number of
/// these may live in one process, beside each other. No signal is touched.
///
/// ```
/// use graceful::{Embedded, Phase};
/// use std::time::Duration;
///
/// # #[tokio::main] async fn main() {
/// let service = Embedded::new();
/// let stop = service.handle().requested();
/// let worker = tokio::spawn(async move { stop.await });
/// service.run(worker);
///
/// // … and when the host wants it:
/// let report = service.shutdown(Duration::from_secs(5)).await;
/// assert!(report.is_clean());
/// # }
/// ```
///
/// Nothing is written to standard error: what there is to say goes through `tracing`, and stands in
/// the report.
///
/// Dropped without [`shutdown`](Embedded::shutdown) it closes nothing: what it was handed is
/// dropped, and [`Handle::requested`] resolves.
pub struct Embedded {
    lifecycle: Arc<Lifecycle>,
    course: OnceLock<Arc<Course>>,
    /// One and the same for everybody.
    report: OnceLock<Arc<Report>>,
}

impl Embedded {
    /// A life that has begun, with nothing to close yet.
    #[must_use]
    pub fn new() -> Self {
        let lifecycle = Lifecycle::new(true);
        lifecycle.body_has_ended();
        Self {
            lifecycle,
            course: OnceLock::new(),
            report: OnceLock::new(),
        }
    }

    /// What the service's own code asks: whether it is to stop, what else is to be closed. The free
    /// functions ([`requested`](crate::requested) and the like) find it where it is the only life
    /// in the process, or inside a close.
    #[must_use]
    pub fn handle(&self) -> Handle {
        Handle::new(self.lifecycle.clone())
    }

    /// Takes the state: the service is running.
    ///
    /// # Panics
    ///
    /// As [`Handle::manage`].
    pub fn run<S: Shutdown>(&self, state: S) {
        let handle = self.handle();
        handle.manage(state);
        handle.run_on();
    }

    /// Resolves when the service itself wants to end: a [critical](crate::critical) task has ended,
    /// or somebody has called [`request`](Handle::request) or [`exit`](crate::exit). Nothing is
    /// closed by that: the host hears of it here, and calls [`shutdown`](Embedded::shutdown), at
    /// the latest when it ends itself. Once that is called, this resolves in any case.
    ///
    /// ```
    /// use graceful::{Embedded, Reason};
    /// use std::time::Duration;
    ///
    /// # #[tokio::main] async fn main() {
    /// let service = Embedded::new();
    /// let consumer = async { Err::<(), _>("connection lost") };
    /// let consumer = service.handle().critical("consumer", consumer);
    /// service.run(tokio::spawn(consumer));
    ///
    /// let reason = service.wanted().await;
    /// assert!(matches!(reason, Reason::CriticalTask { .. }));
    /// let report = service.shutdown(Duration::from_secs(5)).await;
    /// assert_eq!(report.exit_code, 1);
    /// # }
    /// ```
    ///
    /// # Cancel safety
    ///
    /// It can be dropped and asked for again: the reason stays.
    pub fn wanted(&self) -> impl Future<Output = Reason> + Send + use<> + 'static {
        let lifecycle = self.lifecycle.clone();
        async move { Reason::clone(&*lifecycle.reason().await) }
    }

    /// Closes everything `within` this time, and says what happened.
    ///
    /// Less than 100 ms count as 100 ms: a host that has no time left wants the service to end, and
    /// a close that was never begun ends nothing. A task would be detached, a server go on serving.
    ///
    /// The first call begins it and sets the deadline. Those that come later, or at the same time,
    /// wait for the same end and get the same report.
    ///
    /// # Panics
    ///
    /// If called outside a tokio runtime: the closes run in the caller's.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future does not stop what has begun.
    pub async fn shutdown(&self, within: Duration) -> Arc<Report> {
        let within = within.max(AT_LEAST);
        self.carry_out(settings(within), self.threads(), keep_on_time)
            .await
    }

    /// The same for a test, with what it wants to go wrong: where its clock is paused, as tasks of
    /// its runtime.
    #[cfg(feature = "test-util")]
    pub(crate) async fn rehearse(&self, within: Duration, faults: Faults) -> Arc<Report> {
        let (place, keep): (_, fn(Arc<Course>)) = if faults.paused {
            let tasks = Place::Tasks(tokio::runtime::Handle::current());
            (tasks, keep_in_time)
        } else {
            (self.threads(), keep_on_time)
        };
        let settings = Settings {
            faults: Arc::new(faults),
            ..settings(within)
        };
        self.carry_out(settings, place, keep).await
    }

    fn threads(&self) -> Place {
        let weak = Arc::downgrade(&self.lifecycle);
        Place::threads(
            tokio::runtime::Handle::current(),
            Box::new(move || enter(&weak).for_good()),
        )
    }

    async fn carry_out(
        &self,
        settings: Settings,
        place: Place,
        keep: fn(Arc<Course>),
    ) -> Arc<Report> {
        let course = self.course.get_or_init(|| {
            let course = Arc::new(Course::hosted(self.lifecycle.clone(), settings));
            course.set_place(place);
            self.lifecycle.request("the host's call".into());
            keep(course.clone());
            course
        });
        self.lifecycle.stopped().await;
        let report = || Arc::new(course.final_report());
        self.report.get_or_init(report).clone()
    }
}

fn settings(within: Duration) -> Settings {
    Settings {
        timeout: within,
        signals: Vec::new(),
        ..Settings::default()
    }
}

impl Default for Embedded {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Embedded {
    fn drop(&mut self) {
        if self.course.get().is_some() {
            // What has begun goes on to its end.
            self.lifecycle.forget();
        } else {
            self.lifecycle.abandon();
        }
    }
}

impl fmt::Debug for Embedded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Embedded")
            .field("phase", &self.lifecycle.phase())
            .finish_non_exhaustive()
    }
}
