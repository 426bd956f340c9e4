//! A service inside a host that owns the signals and the runtime.

use crate::context::Context;
use crate::executor::{Executor, ThreadSettings};
#[cfg(feature = "test-util")]
use crate::fault::Faults;
use crate::lifecycle::{Handle, Lifecycle, Terms, enter};
use crate::outcome::Result;
use crate::reason::Reason;
use crate::report::Report;
use crate::settings::Settings;
use crate::shutdown::Shutdown;
use crate::stop::Supervisor;
use crate::supervise::{ThreadInHost, supervise};
use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::time::Instant;

/// The least that a stop has: each close is begun, also where the host's runtime has to be found
/// blocked first, which takes half of it.
const AT_LEAST: Duration = Duration::from_millis(100);

/// What a host's step keeps of its time, so that it ends by itself and says what did not close.
const FOR_ITS_REPORT: Duration = Duration::from_millis(50);

/// A service inside a program that owns the signals and the runtime: a library, a plug-in, a test.
///
/// The same state that `#[graceful::main]` would run is closed by one call, with the same
/// guarantees: orders, limits and a deadline that hold whatever the closes do. Any number of
/// these may live in one process, beside each other. No signal is touched.
///
/// Its own code asks its [`handle`](Embedded::handle). The free functions ([`requested`](crate::requested) and the
/// like) find it inside its closes, and in its [scope](Handle::scope).
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
/// let report = service.stop(Duration::from_secs(5)).await;
/// assert!(report.is_clean());
/// # }
/// ```
///
/// Nothing is written to standard error: what there is to say goes through `tracing` (target `graceful`, from a
/// thread of its own), and stands in the report.
///
/// # In the state of a host
///
/// It is [`Shutdown`] itself: a library's service can be a field of a state that `#[graceful::main]` closes, and has
/// what that step has left as its time.
///
/// ```
/// use graceful::{Embedded, Shutdown};
///
/// /// What a library offers.
/// #[derive(Shutdown)]
/// pub struct Consumer {
///     #[shutdown]
///     service: Embedded,
/// }
///
/// impl Consumer {
///     pub fn start() -> Self {
///         let service = Embedded::new();
///         service.run(tokio::spawn(service.handle().requested()));
///         Self { service }
///     }
/// }
///
/// #[graceful::main]
/// async fn main() -> Consumer {
///     graceful::request("the example is over");
///     Consumer::start()
/// }
/// ```
///
/// # Paused time
///
/// Its clock is that of the runtime which calls [`stop`](Embedded::stop). Under
/// `#[tokio::test(start_paused = true)]` all limits are in paused time, and the closes are tasks of that runtime: one that
/// blocks holds up the others.
///
/// Dropped without [`stop`](Embedded::stop) it closes nothing: what it was handed is
/// dropped, with a warning, and [`Handle::requested`] resolves.
#[must_use = "dropped, it closes nothing: keep it, and call `stop`"]
pub struct Embedded {
    lifecycle: Arc<Lifecycle>,
    supervisor: OnceLock<Arc<Supervisor>>,
    /// One and the same for everybody.
    report: OnceLock<Arc<Report>>,
}

impl Embedded {
    /// A lifecycle that has begun, with nothing to close yet.
    pub fn new() -> Self {
        let lifecycle = Lifecycle::new(true, Terms::OF_HOST);
        lifecycle.body().set_ended();
        Self {
            lifecycle,
            supervisor: OnceLock::new(),
            report: OnceLock::new(),
        }
    }

    /// What the service's own code asks: whether it is to stop, what else is to be closed.
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
    /// closed by that: the host hears of it here, and calls [`stop`](Embedded::stop), at
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
    /// let report = service.stop(Duration::from_secs(5)).await;
    /// assert_eq!(report.exit_code, 1);
    /// # }
    /// ```
    ///
    /// # Cancel safety
    ///
    /// It can be dropped and asked for again: the reason stays.
    pub fn wanted(&self) -> impl Future<Output = Reason> + Send + use<> + 'static {
        let lifecycle = self.lifecycle.clone();
        async move { Reason::clone(&*lifecycle.first_reason().await) }
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
    /// If called outside a tokio runtime: the closes run in the caller's. Its timers have to be enabled, as `#[tokio::main]` has them:
    /// without them the step of a [`Tracker`](crate::Tracker), and of what else [drains](crate::drain), fails by tokio's panic.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future does not stop what has begun.
    pub async fn stop(&self, within: Duration) -> Arc<Report> {
        self.close(settings(within.max(AT_LEAST))).await
    }

    /// The same for a test, with what it wants to go wrong.
    #[cfg(feature = "test-util")]
    pub(crate) async fn rehearse(&self, within: Duration, faults: Faults) -> Arc<Report> {
        self.close(Settings {
            faults: Arc::new(faults),
            ..settings(within)
        })
        .await
    }

    /// What is known while it closes; `None` where that has not begun.
    #[cfg(feature = "test-util")]
    pub(crate) fn report_so_far(&self) -> Option<Report> {
        self.supervisor
            .get()
            .map(|supervisor| supervisor.report_now())
    }

    async fn close(&self, settings: Settings) -> Arc<Report> {
        let supervisor = self.supervisor.get_or_init(|| self.begin(settings));
        self.lifecycle.stopped().await;
        let report = || Arc::new(supervisor.report_now());
        self.report.get_or_init(report).clone()
    }

    /// On threads; where the caller's clock is not the machine's as tasks of its runtime.
    fn begin(&self, settings: Settings) -> Arc<Supervisor> {
        let runtime = tokio::runtime::Handle::current();
        let threads = ThreadSettings {
            on_start: {
                let weak = Arc::downgrade(&self.lifecycle);
                Arc::new(move || enter(&weak).for_good())
            },
            max: settings.closing_threads,
            // Nobody can tell.
            is_local: false,
            stack_size: settings.closing_stack_size,
        };
        let is_real_time = is_real_time();
        if !is_real_time {
            self.lifecycle.set_paused_clock(runtime.clone());
        }
        let thread = is_real_time.then(ThreadInHost::start).flatten();
        let executor = match &thread {
            Some(thread) => Executor::on_threads(runtime, thread.clock(), threads),
            None => Executor::in_runtime(runtime),
        };
        let mut supervisor = Supervisor::new(self.lifecycle.clone(), settings, executor);
        supervisor.is_hosted = true;
        let supervisor = Arc::new(supervisor);
        self.lifecycle.request("the host's call".into());
        supervise(supervisor.clone(), thread);
        supervisor
    }
}

/// Whether the caller's clock is the machine's: tokio's may be paused or have been advanced, and says so to nobody.
fn is_real_time() -> bool {
    const BETWEEN_TWO_LOOKS: Duration = Duration::from_millis(1);
    // A machine that is late between two looks may be taken for another clock, but not each time.
    (0..5).any(|_| {
        let before = std::time::Instant::now();
        let first = Instant::now().into_std();
        while before.elapsed().is_zero() {}
        let second = Instant::now().into_std();
        let after = std::time::Instant::now();
        first >= before && second <= after && second > first && after - before < BETWEEN_TWO_LOOKS
    })
}

fn settings(within: Duration) -> Settings {
    Settings {
        timeout: within,
        signals: Vec::new(),
        ..Settings::default()
    }
}

/// Within what its step has left. Its own steps are not those of the host's report: those that did not close are
/// named in the error.
impl Shutdown for Embedded {
    async fn shutdown(self, cx: Context) -> Result {
        self.lifecycle.request(cx.reason().clone());
        let lifecycle = self.lifecycle.clone();
        cx.await_after_cut(async move { lifecycle.stopped().await });
        let within = cx.remaining().saturating_sub(FOR_ITS_REPORT);
        let report = self.stop(within).await;
        if report.is_clean() {
            return Ok(());
        }
        let unclean = report.leaves().filter(|step| !step.outcome.is_clean());
        let named: Vec<String> = unclean
            .map(|step| format!("`{}` {}", step.name, step.outcome))
            .collect();
        Err(if named.is_empty() {
            "its deadline passed".into()
        } else {
            named.join(", ").into()
        })
    }
}

impl Default for Embedded {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Embedded {
    fn drop(&mut self) {
        if self.supervisor.get().is_some() {
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
