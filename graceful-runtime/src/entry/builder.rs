//! The builder: what the attributes expand to, and what does without them.

use super::runtime::{Configure, Flavor, Options};
use crate::process_end::die_of;
use crate::reason::Signal;
use crate::settings::{EndBy, LeakedTasks, ReportWhen, Settings};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// Runs a program as `#[graceful::main]` does, without the attribute.
///
/// ```
/// use graceful::Builder;
/// use std::time::Duration;
///
/// let answer = Builder::current_thread()
///     .timeout(Duration::from_secs(10))
///     .run(async { 42 });
/// assert_eq!(answer, 42);
/// ```
///
/// `GRACEFUL_TIMEOUT`, `GRACEFUL_DELAY`, `GRACEFUL_GRACE` and `GRACEFUL_REPORT_FILE` override the builder's values; a
/// bad one ends the process with a line on standard error and exit code 2. With `GRACEFUL_PLAN=text` (feature `plan`) nothing runs: the settings,
/// and the plan of the state that `main` returns, are printed for a program to read, and the process ends with exit code 0. With the feature
/// `field-limits` `GRACEFUL_TIMEOUT_DB` and the like set the limits of single fields. Without its feature, a variable ends the process as a
/// bad one does.
#[derive(Clone, Debug)]
#[must_use = "nothing runs until `run` is called"]
pub struct Builder {
    pub(super) settings: Settings,
    pub(super) runtime: Options,
}

impl Builder {
    /// On tokio's multi-threaded runtime.
    #[cfg(feature = "rt-multi-thread")]
    pub fn multi_thread() -> Self {
        Self::with_flavor(Flavor::MultiThread)
    }

    /// On tokio's current-thread runtime.
    pub fn current_thread() -> Self {
        Self::with_flavor(Flavor::CurrentThread)
    }

    /// On tokio's local runtime: a current-thread one whose tasks need not be `Send`. Closes run on its thread, too, and may
    /// spawn locally; in exchange none may call `Handle::block_on`: see [`Shutdown`](crate::Shutdown).
    pub fn local() -> Self {
        Self::with_flavor(Flavor::Local)
    }

    fn with_flavor(flavor: Flavor) -> Self {
        Self {
            settings: Settings::default(),
            runtime: Options {
                flavor,
                worker_threads: None,
                name: None,
                configure: None,
                #[cfg(feature = "test-util")]
                start_paused: false,
                #[cfg(tokio_unstable)]
                unhandled_panic: None,
            },
        }
    }

    /// How many worker threads the multi-threaded runtime has. Default: one a core.
    ///
    /// # Panics
    ///
    /// [`run`](Builder::run) panics if it is 0, as tokio does.
    pub fn worker_threads(mut self, threads: usize) -> Self {
        self.runtime.worker_threads = Some(threads);
        self
    }

    /// The name of the runtime, as tokio's own builder has it.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.runtime.name = Some(name.into());
        self
    }

    /// Everything else that tokio's own builder can be told: names and stacks of threads, how many may block. It is called
    /// when the runtime is built, once for each, and has the last word there.
    ///
    /// ```
    /// let answer = graceful::Builder::multi_thread()
    ///     .configure(|tokio| {
    ///         tokio.thread_name("server").max_blocking_threads(64);
    ///     })
    ///     .run(async { 42 });
    /// assert_eq!(answer, 42);
    /// ```
    ///
    /// An `on_thread_start` there takes the place of ours, by which the threads of the runtime know their lifecycle. In a program
    /// that runs one at a time nothing is missed. Of several that run at once, the functions of this crate then
    /// [panic](crate::NoLifecycle) in tasks: give these a [`Handle`](crate::Handle).
    pub fn configure(
        mut self,
        configure: impl Fn(&mut tokio::runtime::Builder) + Send + Sync + 'static,
    ) -> Self {
        self.runtime.configure = Some(Configure(Arc::new(configure)));
        self
    }

    /// The longest that the whole stop may take, from its reason to the end of the process. Default: 25 s,
    /// inside the 30 s after which Kubernetes [kills][pod].
    ///
    /// [pod]: https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination
    ///
    /// # Panics
    ///
    /// [`run`](Builder::run) panics if it is zero.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.settings.timeout = timeout;
        self
    }

    /// How long the service goes on serving when a stop begins, so that balancers learn of it and stop sending. Counts into
    /// the timeout. Default: 0.
    ///
    /// It is for a signal and a [`request`](crate::request). There is none for SIGINT, which is a person at a terminal, none
    /// in a start-up, and none where the service ends by itself: a critical task, an [`exit`](crate::exit), `main`'s end.
    pub fn delay(mut self, delay: Duration) -> Self {
        self.settings.delay = delay;
        self
    }

    /// What the platform gives before it kills, and what of that passes before it sends its signal:
    /// Kubernetes' [`terminationGracePeriodSeconds`][pod], which begins with the `preStop` hook, and how
    /// long that hook takes. Nobody waits for it: a timeout that does not fit into what is left is refused.
    /// Default: not known.
    ///
    /// [pod]: https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination
    ///
    /// # Panics
    ///
    /// [`run`](Builder::run) panics if the timeout is longer than `grace` less `pre_stop`.
    pub fn grace(mut self, grace: Duration, pre_stop: Duration) -> Self {
        self.settings.grace = Some((grace, pre_stop));
        self
    }

    /// The signals that begin the stop; none for `[]`. Default: [`Signal::DEFAULT`], SIGINT and SIGTERM.
    pub fn signals(mut self, signals: impl IntoIterator<Item = Signal>) -> Self {
        self.settings.signals = signals.into_iter().collect();
        self
    }

    /// How long blocking work that nobody waits for (`spawn_blocking`, a pending read of standard
    /// input) may hold up the end. Default: 1 s. Never past the timeout.
    pub fn blocking_grace(mut self, grace: Duration) -> Self {
        self.settings.blocking_grace = grace;
        self
    }

    /// How long the [last words](crate::last_word) may take, all together: a part of the timeout, set aside where there
    /// are any. Default: 1 s, and a quarter of a timeout below 4 s. At most half of what the delay leaves.
    pub fn last_words(mut self, time: Duration) -> Self {
        self.settings.last_words = Some(time);
        self
    }

    /// What it is if tasks of the runtime are still alive when everything has been closed: spawned by hand, and waited for by
    /// nobody, they are cut in the middle of what they do. Default: a line in the report.
    ///
    /// Tasks of libraries count too: a client's idle connections, a pool's reaper.
    pub fn leaked_tasks(mut self, leaked: LeakedTasks) -> Self {
        self.settings.leaked_tasks = leaked;
        self
    }

    /// Whether `main`'s body listens to the signals itself, and ends by itself when one comes. If it does it is
    /// waited for, up to the timeout; if it does not it is dropped at the signal. For a body that returns no state.
    /// Default: found out at the signal. One that is polled then, or has tasks beside it, may have heard; on Linux also
    /// one beside which a thread runs that is neither of its runtime nor ours.
    pub fn listens(mut self, listens: bool) -> Self {
        self.settings.listens = Some(listens);
        self
    }

    /// The most threads that closes may block at the same time; the closes beyond that wait for one, and the report
    /// says so. Default: 512, as many as tokio's own pool for blocking work has.
    ///
    /// # Panics
    ///
    /// If it is 0.
    pub fn max_closing_threads(mut self, threads: usize) -> Self {
        assert!(threads > 0, "closes need at least one thread");
        self.settings.closing_threads = threads;
        self
    }

    /// The stack of each closing thread, in bytes. Default: the standard library's, 2 MiB unless `RUST_MIN_STACK`
    /// says otherwise. On a [`local`](Builder::local) runtime closes run on the main thread, whose stack is the system's.
    pub fn closing_stack_size(mut self, bytes: usize) -> Self {
        self.settings.closing_stack_size = Some(bytes);
        self
    }

    /// A file to which the report of each stop is appended, whichever way the process ends: as one line of JSON where
    /// its name ends in `.json` (with the feature `json`), else as the timeline, of which 4 kB are written, as much as
    /// Kubernetes reads of `/dev/termination-log`. Where it can't be written, the report goes to standard error.
    /// Default: none. `GRACEFUL_REPORT_FILE` overrides it.
    pub fn report_file(mut self, file: impl Into<PathBuf>) -> Self {
        self.settings.report_file = Some(file.into());
        self
    }

    /// How the process ends that a signal has stopped, once everything is closed, and after a forced exit too. Default: with
    /// its exit code.
    pub fn end(mut self, by: EndBy) -> Self {
        self.settings.die_of = (by == EndBy::Signal).then_some(die_of);
        self
    }

    /// When the timeline goes to standard error. Default: when the stop was not clean. Through `tracing` it always goes.
    pub fn report(mut self, when: ReportWhen) -> Self {
        self.settings.report = when;
        self
    }
}

#[cfg(feature = "test-util")]
pub(crate) fn start_paused(mut builder: Builder, paused: bool) -> Builder {
    builder.runtime.start_paused = paused;
    builder
}

#[cfg(tokio_unstable)]
pub(crate) fn unhandled_panic(mut builder: Builder, policy: super::UnhandledPanic) -> Builder {
    builder.runtime.unhandled_panic = Some(policy);
    builder
}
