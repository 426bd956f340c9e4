//! Spans and a log file, of which the stop loses nothing.
//!
//! `cargo run -p graceful-clients --example telemetry --features opentelemetry_sdk`, then Ctrl-C: the spans of the last
//! second are exported, though none was due, and the log's last line is in its file. With `-- broken` the exporter fails: the
//! report names the field, and the exit code is 1.
//!
//! The exporter is one of its own that prints, so that the example needs no collector. For a real one it is
//! `opentelemetry_otlp::SpanExporter::builder().with_tonic().build()?`; nothing else changes.

use graceful_clients::opentelemetry_sdk::close;
use opentelemetry::trace::{Tracer as _, TracerProvider as _};
use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};
use opentelemetry_sdk::trace::{SdkTracerProvider, SpanData, SpanExporter};
use std::time::Duration;
use tokio::task::JoinHandle;
use tracing_appender::non_blocking::WorkerGuard;

#[derive(graceful::Shutdown)]
struct App {
    #[shutdown(timeout = "5s")]
    worker: JoinHandle<()>,
    // Behind all that it is to tell of, and before the report, which says what could not be exported.
    #[shutdown(timeout = "3s", with = close)]
    traces: SdkTracerProvider,
    // And the log behind everything, the report too.
    #[shutdown(last)]
    log: WorkerGuard,
}

#[graceful::main(timeout = "12s", report = "always")]
async fn main() -> std::io::Result<App> {
    let path = std::env::temp_dir().join("telemetry.log");
    println!("logging to {}; stop me with Ctrl-C", path.display());
    let (writer, log) = tracing_appender::non_blocking(std::fs::File::create(path)?);
    tracing_subscriber::fmt().with_writer(writer).init();

    let traces = SdkTracerProvider::builder()
        .with_batch_exporter(Printer)
        .build();
    let worker = tokio::spawn(work(traces.clone()));
    Ok(App {
        worker,
        traces,
        log,
    })
}

async fn work(provider: SdkTracerProvider) {
    let tracer = provider.tracer("example");
    while !graceful::is_requested() {
        drop(tracer.start("a piece of work"));
        tracing::info!("worked");
        graceful::until_requested(tokio::time::sleep(Duration::from_millis(100))).await;
    }
}

/// An exporter without a collector.
#[derive(Debug)]
struct Printer;

impl SpanExporter for Printer {
    async fn export(&self, spans: Vec<SpanData>) -> OTelSdkResult {
        if std::env::args().any(|word| word == "broken") {
            return Err(OTelSdkError::InternalFailure("no collector".into()));
        }
        println!("exported {} spans", spans.len());
        Ok(())
    }
}
