//! Each field of a state with each fault.

mod check;
mod order;
mod table;

use super::life::{Scene, live};
use super::witness::Witness;
use crate::fault::Fault;
use crate::reason::Reason;
use crate::report::Report;
use crate::shutdown::Shutdown;
use check::Check;
use order::pairs;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};
pub use table::Table;
use table::{Cell, Row};

/// In real time a stop during which the machine stood still says nothing, and is run again: so many times at most.
const AGAIN: usize = 3;

/// What does no harm to a limit.
const SHORT: Duration = Duration::from_millis(200);

/// All stops of a state to be run in a test: one without a fault, and one for each step with each fault.
/// `build` is called for each of them; see [`run`](super::run) for where the state lives, and for what
/// paused time is good for.
///
/// The steps are those that the stop without a fault has: fields, those of nested structs, items of
/// collections, what was deferred. All but the faulty one close for real. What is to hold in each:
///
/// - the faulty step ends as its fault says, and not later than its limit;
/// - each other step closes;
/// - no step begins before those that the plan puts before it have ended;
/// - each step has the limit that it declares: the budget is long enough for the plan;
/// - a step whose own steps did not close does not say that it has;
/// - the whole stays within the budget.
///
/// ```
/// use graceful::testing::matrix;
/// use tokio::task::JoinHandle;
///
/// #[derive(graceful::Shutdown)]
/// struct App {
///     #[shutdown(timeout = "10s")]
///     http: JoinHandle<()>,
///     #[shutdown(timeout = "2s", drop)]
///     db: String,
/// }
///
/// let table = matrix(async || App {
///     http: tokio::spawn(graceful::requested()),
///     db: String::new(),
/// })
/// .run();
/// println!("{table}");
/// table.assert_holds();
/// ```
pub fn matrix<F, S>(build: F) -> Matrix<F>
where
    F: AsyncFn() -> S + Send + Sync + 'static,
    S: Shutdown,
{
    Matrix {
        build: Arc::new(build),
        scene: Scene::default(),
        faults: None,
        dependent: Vec::new(),
    }
}

/// A matrix that is to be run: see [`matrix`].
#[must_use = "nothing runs until `run` is called"]
pub struct Matrix<F> {
    build: Arc<F>,
    scene: Scene,
    faults: Option<Vec<Fault>>,
    /// Which step may suffer from the fault of which.
    dependent: Vec<(String, String)>,
}

impl<F, S> Matrix<F>
where
    F: AsyncFn() -> S + Send + Sync + 'static,
    S: Shutdown,
{
    /// The longest that each stop may take: the `timeout` of `#[graceful::main]`. Default: 25 s, as there,
    /// or as long as the state's plan declares, where that is longer.
    pub fn budget(mut self, budget: Duration) -> Self {
        self.scene.budget = Some(budget);
        self
    }

    /// Why the stops begin. Default: SIGTERM.
    pub fn reason(mut self, reason: impl Into<Reason>) -> Self {
        self.scene.reason = reason.into();
        self
    }

    /// The faults of each step. Default: hang, panic, fail, and a block that outlasts the budget.
    pub fn faults(mut self, faults: impl IntoIterator<Item = Fault>) -> Self {
        self.faults = Some(faults.into_iter().collect());
        self
    }

    /// Says that `step` can't close where `on` is faulty: workers, say, that wait for a queue which a hanging
    /// server still holds. It may then end as it likes; the rest is to hold all the same.
    pub fn depends(mut self, step: impl Into<String>, on: impl Into<String>) -> Self {
        self.dependent.push((step.into(), on.into()));
        self
    }

    /// Lets the time be real, as [`Run::real_time`](super::Run::real_time) does. Each hang and each block takes the
    /// limit of its step then. A blocked thread is left behind until its block is over. A stop during which the machine stood
    /// still, as a paused virtual machine does, is run again.
    pub fn real_time(mut self) -> Self {
        self.scene.real_time = true;
        self
    }

    /// How long each stop may go on for: see [`Run::patience`](super::Run::patience).
    pub fn patience(mut self, patience: Duration) -> Self {
        self.scene.patience = patience;
        self
    }

    /// Runs all of it.
    ///
    /// # Panics
    ///
    /// As [`Run::report`](super::Run::report) does, and if [`depends`](Matrix::depends) names a step that
    /// there is not.
    #[track_caller]
    pub fn run(self) -> Table {
        let budget = self.scene.budget_for::<S>();
        let without = self.stop(None);
        for name in self.dependent.iter().flat_map(|(step, on)| [step, on]) {
            assert!(
                without.step(name).is_some(),
                "{}",
                super::names::unknown(&without, name)
            );
        }
        let faults = self.faults.clone().unwrap_or_else(|| {
            vec![
                Fault::Hang,
                Fault::Panic("a fault of the matrix"),
                Fault::Fail("a fault of the matrix"),
                Fault::Block(budget.saturating_mul(2)),
            ]
        });
        let order = pairs(&S::PLAN, &without);
        let check = Check {
            without: &without,
            order: &order,
            dependent: &self.dependent,
            budget,
            real_time: self.scene.real_time,
        };
        let cell = |fault: Option<(&str, Fault)>, report: Arc<Report>| Cell {
            findings: check.findings(fault, &report),
            report,
        };
        let rows = without.leaves().map(|step| Row {
            step: step.name.clone(),
            cells: faults
                .iter()
                .map(|fault| {
                    let fault = (&*step.name, *fault);
                    cell(Some(fault), self.stop(Some(fault)))
                })
                .collect(),
        });
        Table {
            rows: rows.collect(),
            without: cell(None, without.clone()),
            faults,
        }
    }

    #[track_caller]
    fn stop(&self, fault: Option<(&str, Fault)>) -> Arc<Report> {
        if !self.scene.real_time {
            return self.stop_once(fault);
        }
        let witness = Witness::get();
        for _ in 0..AGAIN {
            let began = Instant::now();
            let report = self.stop_once(fault);
            if witness.stood_still(began, Instant::now()) < SHORT {
                return report;
            }
        }
        self.stop_once(fault)
    }

    #[track_caller]
    fn stop_once(&self, fault: Option<(&str, Fault)>) -> Arc<Report> {
        let mut scene = self.scene.clone();
        let of_step = |(step, fault): (&str, _)| (step.to_owned(), fault);
        scene.faults.extend(fault.map(of_step));
        let build = self.build.clone();
        live(async move || build().await, scene)
    }
}

impl<F> fmt::Debug for Matrix<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Matrix")
            .field("scene", &self.scene)
            .field("faults", &self.faults)
            .finish_non_exhaustive()
    }
}
