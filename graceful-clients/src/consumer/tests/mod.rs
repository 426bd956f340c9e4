//! The loop, over a broker that does what the test wants, in paused time.

mod attempts;
mod broker;
mod close;
mod taking;

use super::Consumer;
use graceful::Report;
use graceful::testing::run;
use std::sync::Arc;

#[derive(graceful::Shutdown)]
struct App {
    #[shutdown(timeout = "4s")]
    consumer: Consumer,
    #[shutdown(timeout = "1s", with = async |(), _cx| {})]
    after: (),
}

/// Builds a consumer, and closes it with what comes after it.
fn stop<F>(build: F) -> Arc<Report>
where
    F: AsyncFnOnce() -> Consumer + Send + 'static,
{
    run(async || App {
        consumer: build().await,
        after: (),
    })
    .report()
}

/// What the consumer said of its messages.
fn note(report: &Report) -> &str {
    let step = report.step("consumer").expect("it is a field");
    step.note.as_deref().expect("it always says")
}
