//! Last words: the guard of a log, and others.

use crate::faulty::{FOR_EVER, Faulty, act};
use crate::{case, log, ready, ready_once_running, say};
use graceful::{Context, Result};
use std::future::pending;
use std::process::ExitCode;
use std::time::Duration;
use tracing_appender::non_blocking::WorkerGuard;

#[derive(graceful::Shutdown)]
struct App {
    #[shutdown(timeout = "300ms")]
    queue: Faulty,
    #[shutdown(last, with = flush_spans)]
    spans: Spans,
    #[shutdown(last)]
    logs: Option<WorkerGuard>,
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
            graceful::manage(App::new("closes", "closes"));
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

pub(crate) fn run(flavor: &str) -> ExitCode {
    #[graceful::main(worker_threads = 2, timeout = "2s")]
    async fn main() -> Result<App> {
        start().await
    }
    mod current_thread {
        use super::{App, start};

        #[graceful::main(flavor = "current_thread", timeout = "2s")]
        pub(super) async fn main() -> graceful::Result<App> {
            start().await
        }
    }
    match flavor {
        "multi_thread" => main(),
        "current_thread" => current_thread::main(),
        _ => panic!("no flavor {flavor:?}"),
    }
}
