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
/// That of the last export, or of the shutdown.
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
