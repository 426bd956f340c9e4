//! Behaviour inside one process, in paused time: exact to the millisecond.

mod composites;
mod critical;
mod current;
mod drain;
mod edges;
mod embedded;
mod join_errors;
mod lifecycle;
mod plan;
mod report;
mod resource;
mod sequence;
mod threads;
mod tracker;
mod types;

use crate::entry::{Ended, live, start_paused};
use crate::{Builder, Context, Outcome, Report, Result, Shutdown, Step, manage};
use std::future::pending;
use std::pin::Pin;
use std::time::Duration;
use tokio::time::sleep;

const fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// A life in paused time, with a budget of one second.
pub(crate) fn life<T>(body: impl Future<Output = T>) -> (T, Report) {
    let mut value = None;
    let report = life_of(Box::pin(async { value = Some(body.await) }));
    (value.expect("the body returned"), report)
}

/// The same for every body: compiled once, and not with each test.
fn life_of(body: Pin<Box<dyn Future<Output = ()> + '_>>) -> Report {
    let builder = start_paused(Builder::current_thread().timeout(ms(1000)), true);
    match live(builder, body) {
        (Ended::Returned(()), Some(report)) => Report::clone(&report),
        (Ended::Returned(()), None) => panic!("no report"),
        (Ended::Panicked(_), _) => panic!("the body panicked"),
        (Ended::Dropped, _) => panic!("the body was dropped"),
    }
}

/// What happens to a state that is closed in paused time.
fn closed<S: Shutdown>(state: S) -> Report {
    let (_, report) = life(async { manage(state) });
    report
}

/// A field that behaves as told.
enum Field {
    Takes(Duration),
    Hangs,
    Fails,
    Panics,
}

impl Field {
    async fn close(self, cx: Context) -> Result {
        match self {
            Self::Takes(time) => sleep(time).await,
            Self::Hangs => {
                cx.progress("2 of 10");
                pending::<()>().await;
            }
            Self::Fails => return Err("broken pipe".into()),
            Self::Panics => panic!("code {}", 42),
        }
        Ok(())
    }
}

impl Shutdown for Field {
    fn shutdown(self, cx: Context) -> impl Future<Output = Result> + Send {
        self.close(cx)
    }
}

const fn step(name: &'static str, order: u32, timeout: Option<u64>) -> Step {
    let step = Step::new(name).order(order);
    match timeout {
        Some(timeout) => step.timeout(ms(timeout)),
        None => step,
    }
}

/// `order, timeout` of each field beside what it does.
macro_rules! state {
    ($state:ident: $($name:ident $order:literal $timeout:expr),* $(,)?) => {
        struct $state { $($name: crate::tests::Field),* }

        impl Shutdown for $state {
            const PLAN: Plan = Plan::new(
                stringify!($state),
                &[$(crate::tests::step(stringify!($name), $order, $timeout)),*],
            );

            fn shutdown(self, cx: Context) -> impl Future<Output = Result> + Send {
                let mut steps = Steps::new(cx, Self::PLAN);
                $(steps.close(self.$name);)*
                steps.run()
            }
        }
    };
}
use state;

/// `name outcome started-ended`, in milliseconds, for every step.
fn lines(report: &Report) -> Vec<String> {
    fn add(steps: &[crate::StepReport], lines: &mut Vec<String>) {
        for step in steps {
            let started = step.started.unwrap_or_default();
            lines.push(format!(
                "{} {} {}-{}",
                step.name,
                step.outcome,
                started.as_millis(),
                (started + step.took).as_millis()
            ));
            add(&step.steps, lines);
        }
    }
    let mut all = Vec::new();
    add(&report.steps, &mut all);
    all
}

fn is_closed(report: &Report, name: &str) -> bool {
    matches!(
        report.step(name).map(|step| &step.outcome),
        Some(Outcome::Closed)
    )
}
