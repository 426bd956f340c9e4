//! `opentelemetry_sdk` 0.33: the providers of traces, logs and metrics.
//!
//! `method = shutdown` closes a provider too, but says nothing of what it could not deliver: of traces and logs it
//! throws away how the last export ended. And it gives up after five seconds, whatever the limit is.

use graceful_runtime::{Context, Result};
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::logs::SdkLoggerProvider;
use opentelemetry_sdk::metrics::SdkMeterProvider;
use opentelemetry_sdk::trace::SdkTracerProvider;
use std::time::Duration;

/// Exports what is left and shuts the provider down. An export that failed is the error: what it had is lost.
///
/// It blocks until then, on a thread of the stop: also where the program has one thread alone. At the limit the thread is
/// left behind, with what has not been exported.
///
/// Of what the SDK has exported before, on a schedule of its own, nothing is known: a batch that failed then is lost, and only
/// the SDK's own log says so.
///
/// Close it behind all that it is to tell of.
///
/// ```no_run
/// use opentelemetry_sdk::trace::SdkTracerProvider;
///
/// #[derive(graceful::Shutdown)]
/// struct App {
///     #[shutdown(timeout = "10s")]
///     jobs: graceful::Tracker,
///     #[shutdown(timeout = "3s", with = graceful_clients::opentelemetry_sdk::close)]
///     traces: SdkTracerProvider,
/// }
/// # fn main() {}
/// ```
///
/// # Errors
///
/// That of the last export, or of the shutdown. Of an export that takes longer than five seconds the SDK does not say how it ended: that is an
/// error too, though its end was waited for.
#[allow(
    clippy::needless_pass_by_value,
    reason = "a closer is given the field, and closing consumes it"
)]
pub fn close<P: Provider>(provider: P, cx: Context) -> Result {
    cx.progress("exporting what is left");
    let exported = provider.export();
    provider.shut_down(cx.remaining())?;
    Ok(exported?)
}

/// A provider: [`SdkTracerProvider`], [`SdkLoggerProvider`], [`SdkMeterProvider`]. Others can't implement it.
pub trait Provider: Close {}

impl<P: Close> Provider for P {}

/// Not for others to implement.
#[doc(hidden)]
pub trait Close {
    /// Exports what is left, and says how that went.
    fn export(&self) -> OTelSdkResult;

    /// Ends it, within this time.
    fn shut_down(&self, limit: Duration) -> OTelSdkResult;
}

impl Close for SdkTracerProvider {
    fn export(&self) -> OTelSdkResult {
        self.force_flush()
    }

    fn shut_down(&self, limit: Duration) -> OTelSdkResult {
        self.shutdown_with_timeout(limit)
    }
}

impl Close for SdkLoggerProvider {
    fn export(&self) -> OTelSdkResult {
        self.force_flush()
    }

    fn shut_down(&self, limit: Duration) -> OTelSdkResult {
        self.shutdown_with_timeout(limit)
    }
}

impl Close for SdkMeterProvider {
    /// Its shutdown exports, and says how that went.
    fn export(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shut_down(&self, limit: Duration) -> OTelSdkResult {
        self.shutdown_with_timeout(limit)
    }
}

#[cfg(test)]
mod tests {
    use super::{OTelSdkResult, SdkTracerProvider, close};
    use graceful::testing::{AssertReport as _, run};
    use opentelemetry::trace::{Tracer as _, TracerProvider as _};
    use opentelemetry_sdk::trace::{SpanData, SpanExporter};
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::thread::sleep;
    use std::time::Duration;

    /// Longer than the SDK waits.
    const LONG: Duration = Duration::from_millis(5_500);

    static DELIVERED: AtomicUsize = AtomicUsize::new(0);

    #[derive(Debug)]
    struct Slow;

    impl SpanExporter for Slow {
        async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
            sleep(LONG);
            // Relaxed: the close has seen the end of the thread that exports.
            DELIVERED.fetch_add(batch.len(), Ordering::Relaxed);
            Ok(())
        }
    }

    #[derive(graceful::Shutdown)]
    struct App {
        #[shutdown(timeout = "30s", with = close)]
        traces: SdkTracerProvider,
    }

    #[test]
    fn an_export_that_takes_longer_than_the_sdk_waits_is_waited_for_and_an_error() {
        let report = run(async || {
            let traces = SdkTracerProvider::builder()
                .with_batch_exporter(Slow)
                .build();
            traces.tracer("jobs").start("one");
            App { traces }
        })
        .real_time()
        .report();
        report.assert_failed("traces", "Timeout(5s)");
        assert_eq!(DELIVERED.load(Ordering::Relaxed), 1, "{report}");
    }
}
