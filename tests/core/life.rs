//! A life inside this process, on a runtime of its own.

use graceful::{Context, Embedded, Handle, Report, Result, Shutdown};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};

pub(crate) fn runtime(flavor: &str) -> Runtime {
    let mut builder = match flavor {
        "multi_thread" => Builder::new_multi_thread(),
        "current_thread" => Builder::new_current_thread(),
        _ => panic!("no flavor {flavor:?}"),
    };
    builder.worker_threads(2).enable_all();
    builder.build().expect("a runtime starts")
}

/// Builds a state, runs it, and closes it `within` this time.
pub(crate) fn stop<S: Shutdown>(
    flavor: &str,
    within: Duration,
    build: impl AsyncFnOnce(Handle) -> S,
) -> Arc<Report> {
    let runtime = runtime(flavor);
    let report = runtime.block_on(async {
        let life = Embedded::new();
        life.run(build(life.handle()).await);
        life.stop(within).await
    });
    // What a faulty close has left behind is not waited for.
    runtime.shutdown_background();
    report
}

/// Says whether what was held is gone.
#[derive(Clone, Default)]
pub(crate) struct Gone(Arc<AtomicBool>);

impl Gone {
    pub(crate) fn is_gone(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }

    /// What a close, a task or a request holds: a transaction, a connection of the pool.
    pub(crate) fn held(&self) -> Held {
        Held(self.0.clone())
    }
}

pub(crate) struct Held(Arc<AtomicBool>);

impl Drop for Held {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

/// The field behind: its close fails where what went before it is still held.
pub(crate) struct Behind(pub(crate) Vec<Gone>);

impl Shutdown for Behind {
    async fn shutdown(self, _: Context) -> Result {
        let held = self.0.iter().filter(|gone| !gone.is_gone()).count();
        if held > 0 {
            return Err(format!("{held} of {} are still held", self.0.len()).into());
        }
        Ok(())
    }
}
