//! The same without the macros: a plan written by hand, and the builder that runs it.
//!
//! `cargo run --example without_macros`, then Ctrl-C: both steps close in their order, and the
//! timeline shows when and how long. Exit code 0.

use graceful::{Builder, Context, Plan, ReportWhen, Result, Shutdown, Step, Steps};
use std::process::ExitCode;
use std::time::Duration;
use tokio::task::JoinHandle;

struct App {
    worker: JoinHandle<()>,
    journal: Journal,
}

impl Shutdown for App {
    const PLAN: Plan = Plan::new(
        "App",
        &[
            Step::new("worker").order(0).timeout(Duration::from_secs(5)),
            Step::new("journal")
                .order(1)
                .timeout(Duration::from_secs(2)),
        ],
    );

    fn shutdown(self, cx: Context) -> impl Future<Output = Result> + Send {
        let mut steps = Steps::new(cx, Self::PLAN);
        steps.close(self.worker);
        steps.call(self.journal, |journal, _cx| async move { journal.flush() });
        steps.run()
    }
}

struct Journal(std::fs::File);

impl Journal {
    fn flush(&self) -> Result {
        Ok(self.0.sync_all()?)
    }
}

fn main() -> ExitCode {
    Builder::multi_thread()
        .timeout(Duration::from_secs(10))
        .report(ReportWhen::Always)
        .run_state(start())
}

async fn start() -> std::io::Result<App> {
    let file = tokio::fs::File::create(std::env::temp_dir().join("journal")).await?;
    let worker = tokio::spawn(async {
        graceful::requested().await;
        tokio::time::sleep(Duration::from_millis(300)).await;
    });
    println!("running: stop me with Ctrl-C");
    let journal = Journal(file.into_std().await);
    Ok(App { worker, journal })
}
