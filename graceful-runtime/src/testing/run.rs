//! One stop of a state in a test: how it is set up, and run.

use super::life::{Scene, live};
use super::names;
use crate::fault::Fault;
use crate::reason::Reason;
use crate::report::Report;
use crate::shutdown::Shutdown;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// A stop to be run in a test: of the state that `build` returns, which may be the function that
/// `main` calls for it.
///
/// The state lives on a runtime and in a lifecycle of its own, so that the free functions
/// ([`requested`](crate::requested), [`defer`](crate::defer), …) work in `build` and in what it spawns,
/// and tests beside each other don't meet. It is built, runs, and is closed at once. To let it run
/// for a while, sleep in `build`.
///
/// Call it from a plain `#[test]`; in an async test it blocks the runtime while it runs.
///
/// ```
/// use graceful::testing::{AssertReport as _, run};
/// use tokio::task::JoinHandle;
///
/// async fn start() -> Result<Vec<JoinHandle<()>>, std::io::Error> {
///     Ok(vec![tokio::spawn(graceful::requested())])
/// }
///
/// let report = run(async || start().await.unwrap()).report();
/// report.assert_clean();
/// ```
///
/// # Paused time
///
/// Nobody waits for a timer: where nothing is left to be done, the clock goes on to the next one (see
/// [`tokio::time::pause`]). All times are exact, and a hang of 10 s takes no time. Steps share one thread,
/// each for itself until it waits. So paused time is for closes that wait for tasks, channels and timers. A
/// close that waits for a socket, a file, a process or a thread looks idle to the clock, and would be seen to
/// time out; one that blocks holds up all others. For these there is [`real_time`](Run::real_time).
pub fn run<F, S>(build: F) -> Run<F>
where
    F: AsyncFnOnce() -> S + Send + 'static,
    S: Shutdown,
{
    Run {
        build,
        scene: Scene::default(),
    }
}

/// A stop that is to be run: see [`run`].
#[must_use = "nothing runs until `report` is called"]
pub struct Run<F> {
    build: F,
    scene: Scene,
}

impl<F, S> Run<F>
where
    F: AsyncFnOnce() -> S + Send + 'static,
    S: Shutdown,
{
    /// The longest that the whole stop may take: the `timeout` of `#[graceful::main]`. Default: 25 s, as
    /// there, or as long as the state's plan declares, where that is longer.
    pub fn budget(mut self, budget: Duration) -> Self {
        self.scene.budget = Some(budget);
        self
    }

    /// Why the stop begins. Default: SIGTERM.
    pub fn reason(mut self, reason: impl Into<Reason>) -> Self {
        self.scene.reason = reason.into();
        self
    }

    /// Makes a step faulty: a field by its dotted name (`brokers.nats`), an item of a collection
    /// (`workers.0`), or what was deferred. Of several faults of one step the first counts.
    pub fn fault(mut self, step: impl Into<String>, fault: Fault) -> Self {
        self.scene.faults.push((step.into(), fault));
        self
    }

    /// Lets the time be real, and each step run as it does in production: on closing threads, beside a
    /// multi-threaded runtime (with the feature `rt-multi-thread`). For closes that block, or that
    /// wait for sockets, files and processes. A hang then takes its time.
    pub fn real_time(mut self) -> Self {
        self.scene.real_time = true;
        self
    }

    /// How long it may go on for, where time is paused in all, else beyond its budget, before the test fails: a state
    /// that blocks holds the paused clock up. Default: 60 s.
    pub fn patience(mut self, patience: Duration) -> Self {
        self.scene.patience = patience;
        self
    }

    /// Runs it, and says what happened.
    ///
    /// # Panics
    ///
    /// - with the panic of `build`;
    /// - if a step that was made faulty was not there to be closed; the message names those that were;
    /// - if it does not end within its [`patience`](Run::patience); the message has the report so far.
    #[track_caller]
    pub fn report(self) -> Arc<Report> {
        let named: Vec<String> = self
            .scene
            .faults
            .iter()
            .map(|(step, _)| step.clone())
            .collect();
        let report = live(self.build, self.scene);
        assert_there(&named, &report);
        report
    }
}

/// Each step that was made faulty.
#[track_caller]
fn assert_there(named: &[String], report: &Report) {
    for step in named {
        let in_another = |outer: &String| {
            step.strip_prefix(outer.as_str())
                .is_some_and(|inner| inner.starts_with('.'))
        };
        // What is in a faulty step never begins.
        let is_there = report.step(step).is_some() || named.iter().any(in_another);
        assert!(is_there, "{}", names::unknown(report, step));
    }
}

impl<F> fmt::Debug for Run<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Run")
            .field("scene", &self.scene)
            .finish_non_exhaustive()
    }
}
