use graceful::Shutdown;

struct WorkerGuard;
struct SdkTracerProvider;
struct SdkMeterProvider;
struct SdkLoggerProvider;
mod sentry {
    pub(crate) struct ClientInitGuard;
}

#[derive(Shutdown)]
struct App {
    #[shutdown(drop)]
    logs: WorkerGuard,
    #[shutdown(timeout = "2s", drop)]
    spans: Option<SdkTracerProvider>,
    #[shutdown(order = 1, drop)]
    metrics: SdkMeterProvider,
    #[shutdown(name = "exported", drop)]
    exported: Vec<SdkLoggerProvider>,
    #[shutdown(drop)]
    errors: sentry::ClientInitGuard,
}

fn main() {}

// errors: 5
