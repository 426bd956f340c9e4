//! What carries the log, spans and metrics, or the terminal, is closed after all that is said.

use graceful::Shutdown;

mod tracing_appender {
    pub struct WorkerGuard;
}

mod opentelemetry_sdk {
    pub struct SdkTracerProvider;
    pub struct SdkMeterProvider;
    pub struct SdkLoggerProvider;
}

mod sentry {
    pub struct ClientInitGuard;
}

mod tracing_chrome {
    pub struct FlushGuard;
}

mod ratatui {
    pub struct DefaultTerminal;
}

use opentelemetry_sdk::*;
use ratatui::DefaultTerminal;
use tracing_appender::WorkerGuard;

#[derive(Shutdown)]
struct App {
    #[shutdown(drop)]
    marked: String,
    log: WorkerGuard,
    logs: Vec<WorkerGuard>,
    spans: SdkTracerProvider,
    metrics: SdkMeterProvider,
    records: Option<SdkLoggerProvider>,
    errors: sentry::ClientInitGuard,
    profile: tracing_chrome::FlushGuard,
    terminal: DefaultTerminal,
}

fn main() {}

// errors: 8
