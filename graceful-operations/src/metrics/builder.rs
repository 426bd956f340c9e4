//! What there is to measure, before it is.

use super::installed::{Gauge, Installed, keep_up_to_date};
use super::names::Names;
use graceful_runtime::{CauseKind, Handle, Plan, Tracker};
use metrics::{counter, gauge};
use std::borrow::Cow;

/// What may go wrong with a step that has begun.
const OF_STEPS: [CauseKind; 5] = [
    CauseKind::Failed,
    CauseKind::Panicked,
    CauseKind::TimedOut,
    CauseKind::Forced,
    CauseKind::Blocked,
];

/// The metrics of a service: what is counted, and under which names.
#[must_use = "nothing is measured until `install` is called"]
pub struct Metrics {
    names: Names,
    lifecycle: Handle,
    in_flight: Vec<Gauge>,
    websockets: Vec<Gauge>,
    components: Vec<String>,
}

impl Metrics {
    /// Metrics of the current lifecycle, whose names begin with `prefix` and an underscore: `oms` for
    /// `oms_shutdown_duration_seconds`. The alert rules of the guide have `graceful`.
    ///
    /// # Panics
    ///
    /// As [`Handle::current`].
    #[track_caller]
    pub fn new(prefix: &str) -> Self {
        Self {
            names: Names::new(prefix),
            lifecycle: Handle::current(),
            in_flight: Vec::new(),
            websockets: Vec::new(),
            components: Vec::new(),
        }
    }

    /// The lifecycle that is measured. Default: the one that is current where this is made.
    pub fn lifecycle(mut self, handle: Handle) -> Self {
        self.lifecycle = handle;
        self
    }

    /// Measures what `tracker` has in flight.
    pub fn tracker(self, name: impl Into<Cow<'static, str>>, tracker: &Tracker) -> Self {
        let tracker = tracker.clone();
        self.in_flight(name, move || tracker.len())
    }

    /// The same for anything that can be counted: a queue, an outbox, the requests of a server. `count` is called each
    /// second and at each scrape, and must not block.
    pub fn in_flight(
        mut self,
        name: impl Into<Cow<'static, str>>,
        count: impl Fn() -> usize + Send + Sync + 'static,
    ) -> Self {
        self.in_flight.push(Gauge::new(name, count));
        self
    }

    /// Measures how many WebSockets a server has open. `count` is called each second and at each scrape, and must not
    /// block. A [`Tracker`] of which each handler holds a guard counts them:
    ///
    /// ```no_run
    /// # use graceful::{Tracker, metrics::Metrics};
    /// let sockets = Tracker::new();
    /// let open = sockets.clone();
    /// let metrics = Metrics::new("chat").websockets("chat", move || open.len());
    /// // … and in the handler: let _open = sockets.guard();
    /// ```
    pub fn websockets(
        mut self,
        server: impl Into<Cow<'static, str>>,
        count: impl Fn() -> usize + Send + Sync + 'static,
    ) -> Self {
        self.websockets.push(Gauge::new(server, count));
        self
    }

    /// The steps of this plan have a counter of errors from the start, at zero: a counter that is first seen with its
    /// last value has no increase. So has what they leave.
    pub fn plan(mut self, plan: Plan) -> Self {
        add_leaves(plan, "", &mut self.components);
        self
    }

    /// Begins: from here on the metrics are kept up to date, and the report of the stop is counted. An exporter has to be
    /// installed before, or what was recorded goes nowhere.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime.
    pub fn install(self) -> Installed {
        self.names.describe();
        for component in &self.components {
            for kind in OF_STEPS {
                let labels = [
                    ("component", component.clone()),
                    ("kind", kind.as_str().to_owned()),
                ];
                counter!(self.names.errors.clone(), &labels).absolute(0);
            }
            let labels = [("component", component.clone())];
            gauge!(self.names.left.clone(), &labels).set(0.0);
        }
        let lifecycle = self.lifecycle;
        if let Some(budget) = lifecycle.timeout() {
            gauge!(self.names.budget.clone()).set(budget.as_secs_f64());
        }
        let installed = Installed::new(self.names, &lifecycle, self.in_flight, self.websockets);
        installed.update();
        let at_the_end = installed.clone();
        lifecycle.on_report(move |report| at_the_end.record(report));
        tokio::spawn(keep_up_to_date(installed.clone(), lifecycle));
        installed
    }
}

/// The dotted paths of the steps without steps of their own.
fn add_leaves(plan: Plan, above: &str, leaves: &mut Vec<String>) {
    for step in plan.steps() {
        let name = step.name();
        let path = match above {
            "" => name.to_owned(),
            _ => format!("{above}.{name}"),
        };
        let own = step.get_plan();
        if own.steps().is_empty() {
            leaves.push(path);
        } else {
            add_leaves(own, &path, leaves);
        }
    }
}

impl std::fmt::Debug for Metrics {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Metrics")
            .field("duration", &self.names.duration)
            .field("components", &self.components)
            .finish_non_exhaustive()
    }
}
