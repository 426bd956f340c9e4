//! One life from the state's start to its last close, on a thread and a runtime of its own: whatever
//! it leaves behind, the next one does not meet.

use crate::entry::Embedded;
use crate::exit_payload::is_exit;
use crate::fault::{Fault, Faults};
use crate::lifecycle::enter;
use crate::outcome::panic_message;
use crate::reason::{Reason, Signal};
use crate::report::{Ends, Report};
use crate::shutdown::Shutdown;
use std::panic::resume_unwind;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};

/// `#[graceful::main]`'s.
const DEFAULT_BUDGET: Duration = Duration::from_secs(25);

/// Paused time takes next to no real time. What takes this long does not end.
const LOST: Duration = Duration::from_secs(60);

/// What a test asks of one life.
#[derive(Clone, Debug)]
pub(super) struct Scene {
    pub(super) budget: Option<Duration>,
    pub(super) reason: Reason,
    pub(super) faults: Vec<(String, Fault)>,
    pub(super) real_time: bool,
    /// How much longer than its budget it may take in real time.
    pub(super) patience: Duration,
}

impl Default for Scene {
    fn default() -> Self {
        Self {
            budget: None,
            reason: Reason::Signal(Signal::Terminate),
            faults: Vec::new(),
            real_time: false,
            patience: LOST,
        }
    }
}

impl Scene {
    /// Which stop it is, of many: without a fault, or with which ones.
    fn what(&self) -> String {
        let faults = self.faults.iter();
        let faults = faults.map(|(step, fault)| format!("`{step}` made faulty: {fault}"));
        match faults.collect::<Vec<_>>().join(", ") {
            none if none.is_empty() => "without a fault".to_owned(),
            faults => format!("with {faults}"),
        }
    }

    /// What the whole stop may take.
    pub(super) fn budget_for<S: Shutdown>(&self) -> Duration {
        let longest = S::PLAN.declared().unwrap_or_default().max(DEFAULT_BUDGET);
        self.budget.unwrap_or(longest)
    }
}

/// Starts the state, on the thread where its life is.
type Start = Box<dyn FnOnce() -> Pin<Box<dyn Future<Output = ()>>> + Send>;

/// Builds the state, runs it, and closes it at once.
///
/// # Panics
///
/// As `build` does, and where it or a close blocks for ever.
#[track_caller]
pub(super) fn live<S: Shutdown>(
    build: impl AsyncFnOnce() -> S + Send + 'static,
    scene: Scene,
) -> Arc<Report> {
    let budget = scene.budget_for::<S>();
    let embedded = Arc::new(Embedded::new());
    let life = embedded.clone();
    let start: Start = Box::new(move || Box::pin(async move { life.run(build().await) }));
    watch(&embedded, start, scene, budget)
}

/// The same for every state: compiled once, and not with each test.
#[track_caller]
fn watch(embedded: &Arc<Embedded>, start: Start, scene: Scene, budget: Duration) -> Arc<Report> {
    let patience = if scene.real_time {
        budget.saturating_add(scene.patience)
    } else {
        scene.patience
    };
    let hint = if scene.real_time {
        ""
    } else {
        ", in paused time, where the closes share one thread, and the clock waits for `spawn_blocking`: \
         use `real_time` for those that block"
    };
    let what = scene.what();
    let is_faulty = !scene.faults.is_empty();
    let life = embedded.clone();
    let (sender, receiver) = channel();
    let thread = std::thread::Builder::new()
        .name("graceful-testing".to_owned())
        .spawn(move || drop(sender.send(on_this_thread(&life, start, scene, budget))))
        .expect("a thread starts");
    match receiver.recv_timeout(patience) {
        Ok(report) => report,
        Err(RecvTimeoutError::Timeout) => {
            let so_far = match embedded.report_so_far() {
                Some(report) => format!("\n{report}"),
                None => "; it is still being built".to_owned(),
            };
            panic!(
                "the state has not been built and closed after {patience:?} in the stop {what}{hint}{so_far}"
            )
        }
        Err(RecvTimeoutError::Disconnected) => match thread.join() {
            Err(payload) if is_exit(&*payload) => {
                panic!("the start called `graceful::exit`, which ended it")
            }
            Err(payload) if is_faulty => {
                let message = panic_message(&*payload);
                panic!("the start panicked in the stop {what}: {message}")
            }
            Err(payload) => resume_unwind(payload),
            Ok(()) => unreachable!("it has sent its report"),
        },
    }
}

fn on_this_thread(
    embedded: &Embedded,
    start: Start,
    scene: Scene,
    budget: Duration,
) -> Arc<Report> {
    let handle = embedded.handle();
    let life = Arc::downgrade(handle.lifecycle());
    let _entered = enter(&life);
    let runtime = runtime(scene.real_time, move || enter(&life).for_good());
    let report = runtime.block_on(async {
        start().await;
        handle.request(scene.reason);
        let faults = Faults {
            of_fields: scene.faults,
            paused: !scene.real_time,
        };
        embedded.rehearse(budget, faults).await
    });
    // Blocking work that nobody tracks is not waited for.
    runtime.shutdown_background();
    // It stands for that of a process.
    Arc::new(Report {
        ends: Ends::Process,
        ..Report::clone(&report)
    })
}

fn runtime(real_time: bool, on_start: impl Fn() + Send + Sync + 'static) -> Runtime {
    let mut builder = if real_time {
        as_of_main()
    } else {
        Builder::new_current_thread()
    };
    let builder = builder.enable_all().on_thread_start(on_start);
    let runtime = builder.start_paused(!real_time).build();
    runtime.expect("a runtime starts")
}

/// The flavor that `#[graceful::main]` has.
fn as_of_main() -> Builder {
    #[cfg(feature = "rt-multi-thread")]
    let builder = Builder::new_multi_thread();
    #[cfg(not(feature = "rt-multi-thread"))]
    let builder = Builder::new_current_thread();
    builder
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[should_panic = "use `real_time` for those that block"]
    fn what_never_ends_fails_the_test() {
        let scene = Scene {
            patience: Duration::from_millis(100),
            ..Scene::default()
        };
        live(
            async || std::future::pending::<Option<std::thread::JoinHandle<()>>>().await,
            scene,
        );
    }
}
