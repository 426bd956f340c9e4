//! What is closed when everything else has been said.

use graceful::{Context, Result, Shutdown};

struct WorkerGuard;

struct Spans;

impl Spans {
    async fn shutdown(self) -> std::result::Result<(), u8> {
        Ok(())
    }

    fn force_flush(&mut self) {}
}

struct Metrics;

impl Shutdown for Metrics {
    async fn shutdown(self, _cx: Context) -> Result {
        Ok(())
    }
}

async fn close(_spans: Spans, _cx: Context) {}

#[derive(Shutdown)]
struct App {
    #[shutdown(last)]
    logs: WorkerGuard,
    #[shutdown(last, method = shutdown)]
    spans: Spans,
    #[shutdown(last, method = force_flush, name = "forced")]
    reused: Option<Spans>,
    #[shutdown(last, with = close)]
    by_function: Spans,
    #[shutdown(last, with = |spans, _| async move { spans.shutdown().await })]
    by_closure: Spans,
    #[shutdown(last)]
    metrics: Metrics,
    #[shutdown(last, drop)]
    unread: Metrics,
    #[shutdown(timeout = "20s", drop)]
    db: String,
    #[shutdown]
    telemetry: Telemetry,
    #[shutdown]
    generic: Generic<WorkerGuard, Metrics>,
    #[shutdown]
    file: [Logs; 3],
}

#[derive(Shutdown)]
struct Telemetry(#[shutdown(last)] WorkerGuard, #[shutdown(last)] Metrics, #[shutdown(drop)] String);

#[derive(Shutdown)]
struct Generic<G: Send + 'static, S: Shutdown> {
    #[shutdown(last)]
    guard: G,
    #[shutdown(last)]
    service: S,
}

#[derive(Shutdown)]
enum Logs {
    Nowhere,
    File(#[shutdown(last)] WorkerGuard),
    Both {
        #[shutdown(last)]
        file: WorkerGuard,
        #[shutdown(drop)]
        buffer: String,
    },
}

#[graceful::main(last_words = "2s")]
async fn main() -> App {
    graceful::request("a test");
    graceful::last_word("terminal", |_cx| async {}).timeout(std::time::Duration::from_millis(200));
    App {
        logs: WorkerGuard,
        spans: Spans,
        reused: Some(Spans),
        by_function: Spans,
        by_closure: Spans,
        metrics: Metrics,
        unread: Metrics,
        db: String::new(),
        telemetry: Telemetry(WorkerGuard, Metrics, String::new()),
        generic: Generic { guard: WorkerGuard, service: Metrics },
        file: [
            Logs::Nowhere,
            Logs::File(WorkerGuard),
            Logs::Both { file: WorkerGuard, buffer: String::new() },
        ],
    }
}
