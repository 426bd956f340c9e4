//! Last words: the guard of a log, and others.

use crate::faulty::{FOR_EVER, Faulty, act};
use crate::{argument, case, log, ready, ready_once_running, say, shared};
use graceful::{Context, Result};
use std::future::pending;
use std::process::ExitCode;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tracing_appender::non_blocking::WorkerGuard;

#[derive(graceful::Shutdown)]
struct App {
    #[shutdown(timeout = "15s")]
    queue: Faulty,
    #[shutdown(last, with = flush_spans)]
    spans: Spans,
    #[shutdown(last)]
    logs: Option<WorkerGuard>,
}

/// The same, which others hold too.
#[derive(graceful::Shutdown)]
#[shutdown(shared)]
struct Shared {
    #[shutdown(timeout = "15s")]
    queue: Mutex<Option<Faulty>>,
    #[shutdown(last, with = |spans, cx| async move { flush_spans(Spans(spans.0.clone()), cx).await })]
    spans: Arc<Spans>,
    #[shutdown(last)]
    logs: Mutex<Option<WorkerGuard>>,
}

/// An exporter, whose task runs in the program's runtime.
struct Spans(String);

async fn flush_spans(spans: Spans, _cx: Context) -> Result {
    let exported = tokio::spawn(async { tokio::time::sleep(Duration::from_millis(5)).await });
    exported.await?;
    act("spans", &spans.0).await
}

async fn start() -> Result<App> {
    let case = case();
    match &*case {
        "fails to start" | "panics at the start" | "waits at the start" => {
            let logs = log::to_file();
            graceful::last_word("logs", async move |_cx| {
                drop(logs);
                say("done: logs");
            });
            match &*case {
                "fails to start" => return Err("no configuration".into()),
                "panics at the start" => panic!("no configuration"),
                _ => {
                    ready();
                    pending::<()>().await;
                }
            }
        }
        "blocks its main thread" => {
            let app = App::new("closes", "closes");
            if argument(2) == "shared" {
                graceful::manage(Shared::of(app));
            } else {
                graceful::manage(app);
            }
            ready();
            std::thread::sleep(FOR_EVER);
        }
        _ => {}
    }
    let app = match case.strip_prefix("a last word ") {
        Some(spans) => App::new("closes", spans),
        None => App::new(&case, "closes"),
    };
    ready_once_running();
    Ok(app)
}

impl App {
    fn new(queue: &str, spans: &str) -> Self {
        Self {
            queue: Faulty(queue.to_owned()),
            spans: Spans(spans.to_owned()),
            logs: log::to_file(),
        }
    }
}

impl Shared {
    fn of(app: App) -> Arc<Self> {
        shared(Self {
            queue: Mutex::new(Some(app.queue)),
            spans: Arc::new(app.spans),
            logs: Mutex::new(app.logs),
        })
    }
}

pub(crate) fn run(flavor: &str) -> ExitCode {
    #[graceful::main(worker_threads = 2, timeout = "20s")]
    async fn main() -> Result<App> {
        start().await
    }
    mod current_thread {
        use super::{App, start};

        #[graceful::main(flavor = "current_thread", timeout = "20s")]
        pub(super) async fn main() -> graceful::Result<App> {
            start().await
        }
    }
    mod shared {
        use super::{Shared, start};
        use std::sync::Arc;

        #[graceful::main(worker_threads = 2, timeout = "20s")]
        pub(super) async fn main() -> graceful::Result<Arc<Shared>> {
            Ok(Shared::of(start().await?))
        }
    }
    match flavor {
        "multi_thread" => main(),
        "current_thread" => current_thread::main(),
        "shared" => shared::main(),
        _ => panic!("no flavor {flavor:?}"),
    }
}
