//! `#[graceful::test]`: a whole life inside the test's own runtime and time, without any signal.

use super::body::{Ended, drive, drop_outside, into_output, panicked};
use super::builder::Builder;
use super::runtime::Owned;
use crate::executor::Executor;
use crate::futures::select;
use crate::lifecycle::{Lifecycle, Terms, enter};
use crate::reason::Reason;
use crate::report::Report;
use crate::stop::{SERVING, Supervisor};
use std::cell::Cell;
use std::convert::Infallible;
use std::future::pending;
use std::panic::resume_unwind;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;

/// Runs a test; what it left to be closed is closed before it ends.
///
/// # Panics
///
/// With the test's own panic, and with the report where something did not close.
#[track_caller]
pub(crate) fn run_test<T>(builder: Builder, body: Pin<Box<dyn Future<Output = T> + '_>>) -> T {
    let (ended, report) = live(builder, body);
    match ended {
        Ended::Panicked(payload) => resume_unwind(payload),
        Ended::Returned(value) => {
            if let Some(report) = report.filter(|report| !report.is_clean()) {
                panic!("{report}");
            }
            value
        }
        Ended::Dropped => match report.map(|report| report.reason.clone()) {
            Some(reason) if !matches!(reason, Reason::Exit(_)) => {
                panic!("the stop ended the test: {reason}")
            }
            _ => panic!("the test called `graceful::exit`, which ended it"),
        },
    }
}

/// A whole life, with its report.
#[track_caller]
pub(crate) fn live<T>(
    builder: Builder,
    body: Pin<Box<dyn Future<Output = T> + '_>>,
) -> (Ended<T>, Option<Arc<Report>>) {
    let output = Cell::new(None);
    let (ended, report) = life(builder, into_output(body, &output));
    (ended.with(&output), report)
}

/// The same for every test: compiled once, and not with the user's.
#[track_caller]
fn life(
    builder: Builder,
    mut body: Pin<Box<dyn Future<Output = ()> + '_>>,
) -> (Ended<()>, Option<Arc<Report>>) {
    // A test that requests a stop looks at what comes of it: it is never dropped for it.
    let Builder { settings, runtime } = builder.signals([]).listens(true);
    let terms = Terms::of(&settings);
    let lifecycle = Lifecycle::new(false, terms);
    if runtime.end_with_a_task() {
        lifecycle.forbid_unwinding();
    }
    let weak = Arc::downgrade(&lifecycle);
    let runtime = Owned::build(runtime, move || enter(&weak).for_good())
        .unwrap_or_else(|error| panic!("graceful could not start the runtime: {error}"));
    // As where a program is run.
    runtime.assert_outside();
    lifecycle.set_paused_clock(runtime.handle());
    let executor = Executor::in_runtime(runtime.handle());
    let mut supervisor = Supervisor::new(lifecycle.clone(), settings, executor);
    supervisor.serving = Some(SERVING);
    let supervisor = Arc::new(supervisor);

    let _entered = enter(&Arc::downgrade(&lifecycle));
    let mut ended = None;
    let mut stop = pin!(async {
        supervisor.stop().await;
        pending::<Infallible>().await
    });
    runtime.block_on(pin!(async {
        let stop = async { match stop.as_mut().await {} };
        ended = Some(select(drive(&lifecycle, body.as_mut()), stop).await);
    }));
    let ended = ended.expect("it was driven to its end");
    let ended = drop_outside(&runtime.handle(), body, ended);
    runtime.block_on(pin!(async {
        match &ended {
            Ended::Panicked(payload) => panicked(&lifecycle, &**payload),
            Ended::Returned(()) | Ended::Dropped => {
                lifecycle.request(Reason::MainReturned);
            }
        }
        lifecycle.body().set_ended();
        select(lifecycle.stopped(), async { match stop.as_mut().await {} }).await;
    }));
    runtime.shutdown_timeout(Duration::ZERO);
    (ended, supervisor.conclude())
}
