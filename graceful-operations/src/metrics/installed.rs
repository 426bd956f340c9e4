//! What is measured, and when it is recorded.

use super::names::Names;
use graceful_runtime::{CauseKind, Handle, Phase, Report};
use metrics::{counter, gauge, histogram};
use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::SetOnce;

/// How old a gauge may be where nobody calls [`Installed::scrape`]: of an exporter that pushes, or has a port of its own.
const EVERY: Duration = Duration::from_secs(1);

const PHASES: [Phase; 5] = [
    Phase::Starting,
    Phase::Running,
    Phase::Draining,
    Phase::Closing,
    Phase::Stopped,
];

/// A number that is asked for when it is wanted.
pub(super) struct Gauge {
    label: Cow<'static, str>,
    count: Box<dyn Fn() -> usize + Send + Sync>,
}

impl Gauge {
    pub(super) fn new(
        label: impl Into<Cow<'static, str>>,
        count: impl Fn() -> usize + Send + Sync + 'static,
    ) -> Self {
        Self {
            label: label.into(),
            count: Box::new(count),
        }
    }
}

/// Metrics that are measured: from [`Metrics::install`](super::Metrics::install). Cheap to clone.
#[derive(Clone)]
pub struct Installed(Arc<Shared>);

struct Shared {
    names: Names,
    lifecycle: Handle,
    in_flight: Vec<Gauge>,
    websockets: Vec<Gauge>,
    // A mutex: taken twice, at the end.
    recorded: Mutex<Recorded>,
    // A mutex: held while the gauges are set. A scrape comes beside the turn of each second, and who is later has what is newer.
    updates: Mutex<()>,
    /// Relaxed: it is read to learn whether anybody scrapes at all.
    scrapes: AtomicUsize,
    /// Release where the values have been recorded, acquire before they are rendered: who sees it has them.
    is_final: AtomicBool,
    /// A scrape has the final values.
    scraped: SetOnce<()>,
}

/// What was counted already: the last scrape and the report both come to count it.
#[derive(Default)]
struct Recorded {
    duration: bool,
    causes: HashMap<(String, CauseKind), u64>,
}

impl Installed {
    pub(super) fn new(
        names: Names,
        lifecycle: &Handle,
        in_flight: Vec<Gauge>,
        websockets: Vec<Gauge>,
    ) -> Self {
        Self(Arc::new(Shared {
            names,
            lifecycle: lifecycle.clone(),
            in_flight,
            websockets,
            recorded: Mutex::default(),
            updates: Mutex::default(),
            scrapes: AtomicUsize::new(0),
            is_final: AtomicBool::new(false),
            scraped: SetOnce::new(),
        }))
    }

    /// Answers a scrape: brings the gauges up to date, and then calls `render`, whose value is the answer. Without it a
    /// [`LastScrape`](super::LastScrape) does not know that anybody scrapes, and does not wait.
    pub fn scrape<T>(&self, render: impl FnOnce() -> T) -> T {
        let shared = &self.0;
        self.update();
        shared.scrapes.fetch_add(1, Ordering::Relaxed);
        let is_final = shared.is_final.load(Ordering::Acquire);
        let page = render();
        if is_final {
            // The first one counts.
            let _ = shared.scraped.set(());
        }
        page
    }

    /// Brings the gauges up to date. That happens by itself each second, and in [`scrape`](Installed::scrape).
    pub fn update(&self) {
        let Shared {
            names,
            lifecycle,
            in_flight,
            websockets,
            updates,
            ..
        } = &*self.0;
        // An exporter that panics leaves no half of it.
        let _turn = updates.lock().unwrap_or_else(PoisonError::into_inner);
        let now = lifecycle.phase();
        let one_if = |is: bool| if is { 1.0 } else { 0.0 };
        gauge!(names.ready.clone()).set(one_if(now == Phase::Running));
        for phase in PHASES {
            let labels = [("phase", phase.to_string())];
            gauge!(names.phase.clone(), &labels).set(one_if(phase == now));
        }
        for (name, label, gauges) in [
            (&names.in_flight, "tracker", in_flight),
            (&names.websockets, "server", websockets),
        ] {
            for Gauge {
                label: value,
                count,
            } in gauges
            {
                let labels = [(label, value.clone().into_owned())];
                gauge!(name.clone(), &labels).set(as_value(count()));
            }
        }
    }

    /// Counts what is new in the report: its duration, and what went wrong.
    pub(super) fn record(&self, report: &Report) {
        self.record_causes(report, |_| true);
        self.update();
    }

    /// The same while steps are still to come, which have not gone wrong by that.
    pub(super) fn record_so_far(&self) {
        if let Some(report) = self.0.lifecycle.report_so_far() {
            let has_ended = |kind| !matches!(kind, CauseKind::NotStarted | CauseKind::StillRunning);
            self.record_causes(&report, has_ended);
        }
        self.update();
        self.0.is_final.store(true, Ordering::Release);
    }

    fn record_causes(&self, report: &Report, counts: impl Fn(CauseKind) -> bool) {
        let names = &self.0.names;
        let mut recorded = self.recorded();
        if !std::mem::replace(&mut recorded.duration, true) {
            gauge!(names.budget.clone()).set(report.budget.as_secs_f64());
            histogram!(names.duration.clone()).record(report.total.as_secs_f64());
        }
        let mut found: HashMap<_, u64> = HashMap::new();
        for cause in report.causes() {
            if counts(cause.kind) {
                *found.entry((cause.component, cause.kind)).or_default() += 1;
            }
        }
        for ((component, kind), count) in found {
            let before = recorded.causes.insert((component.clone(), kind), count);
            let labels = [("component", component), ("kind", kind.as_str().to_owned())];
            let new = count.saturating_sub(before.unwrap_or_default());
            counter!(names.errors.clone(), &labels).increment(new);
        }
        for step in report.leaves() {
            if let Some(left) = step.in_flight {
                let labels = [("component", step.name.clone())];
                gauge!(names.left.clone(), &labels).set(as_value(left));
            }
        }
    }

    fn recorded(&self) -> MutexGuard<'_, Recorded> {
        let recorded = self.0.recorded.lock();
        // An exporter that panics leaves numbers that are whole.
        recorded.unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether anybody has ever scraped.
    pub(super) fn is_scraped(&self) -> bool {
        self.0.scrapes.load(Ordering::Relaxed) > 0
    }

    /// Resolves when a scrape has the final values.
    pub(super) async fn scraped(&self) {
        self.0.scraped.wait().await;
    }
}

/// As a float an exporter has it: exact up to 2^53.
#[expect(clippy::cast_precision_loss, reason = "nobody has so much in flight")]
fn as_value(count: usize) -> f64 {
    count as f64
}

/// To the end of the process.
pub(super) async fn keep_up_to_date(installed: Installed, lifecycle: Handle) {
    let mut next = Phase::Running;
    while lifecycle.phase() < Phase::Stopped {
        // At once where the phase changes: it may not be seen for long.
        if tokio::time::timeout(EVERY, lifecycle.reached(next))
            .await
            .is_ok()
        {
            let now = lifecycle.phase();
            let after = PHASES.into_iter().find(|phase| *phase > now);
            next = after.unwrap_or(Phase::Stopped);
        }
        installed.update();
    }
}

impl fmt::Debug for Installed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Installed")
            .field("scrapes", &self.0.scrapes)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use graceful_runtime::Embedded;
    use metrics::with_local_recorder;
    use metrics_exporter_prometheus::PrometheusBuilder;
    use std::sync::mpsc::channel;
    use std::thread;

    #[test]
    fn who_updates_later_leaves_the_newer_values() {
        let prometheus = PrometheusBuilder::new().build_recorder();
        let embedded = Embedded::new();
        let (begun, has_begun) = channel();
        let count = AtomicUsize::new(0);
        let counts = move || {
            // Relaxed: it counts, and publishes nothing.
            let number = count.fetch_add(1, Ordering::Relaxed);
            if number == 0 {
                begun.send(()).expect("it is waited for");
                // Without its turn the other one would be through by then.
                thread::sleep(Duration::from_millis(100));
            }
            number
        };
        let jobs = Gauge::new("jobs", counts);
        let names = Names::new("oms");
        let installed = Installed::new(names, &embedded.handle(), vec![jobs], Vec::new());
        let first = installed.clone();
        thread::scope(|scope| {
            scope.spawn(|| with_local_recorder(&prometheus, || first.update()));
            has_begun.recv().expect("it begins");
            with_local_recorder(&prometheus, || installed.update());
        });
        let page = prometheus.handle().render();
        assert!(page.contains(r#"{tracker="jobs"} 1"#), "{page}");
    }
}
