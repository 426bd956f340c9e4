//! `opentelemetry_sdk` over OTLP: a provider of each signal, on either flavour of the runtime.

use crate::service::{Beside, case, load, port};
use graceful::Result;
use opentelemetry::logs::{LogRecord as _, Logger as _, LoggerProvider as _};
use opentelemetry::metrics::MeterProvider as _;
use opentelemetry::trace::{Tracer as _, TracerProvider as _};
use opentelemetry_otlp::{LogExporter, MetricExporter, SpanExporter, WithExportConfig as _};
use opentelemetry_sdk::logs::SdkLoggerProvider;
use opentelemetry_sdk::metrics::SdkMeterProvider;
use opentelemetry_sdk::trace::SdkTracerProvider;
use std::time::Duration;
use tokio::task::JoinHandle;

#[derive(graceful::Shutdown)]
pub(crate) struct Service {
    #[shutdown(timeout = "1s")]
    load: JoinHandle<Result>,
    #[shutdown(timeout = "1s", with = graceful_clients::opentelemetry_sdk::close)]
    traces: SdkTracerProvider,
    #[shutdown(timeout = "1s", with = graceful_clients::opentelemetry_sdk::close)]
    logs: SdkLoggerProvider,
    #[shutdown(timeout = "1s", with = graceful_clients::opentelemetry_sdk::close)]
    metrics: SdkMeterProvider,
    #[shutdown(timeout = "500ms")]
    beside: Beside,
}

/// The same, closed when everything has been said of the stop.
#[derive(graceful::Shutdown)]
pub(crate) struct LastWords {
    #[shutdown(timeout = "1s")]
    load: JoinHandle<Result>,
    #[shutdown(timeout = "500ms")]
    beside: Beside,
    #[shutdown(last, with = graceful_clients::opentelemetry_sdk::close)]
    traces: SdkTracerProvider,
    #[shutdown(last, with = graceful_clients::opentelemetry_sdk::close)]
    logs: SdkLoggerProvider,
    #[shutdown(last, with = graceful_clients::opentelemetry_sdk::close)]
    metrics: SdkMeterProvider,
}

pub(crate) mod last_words {
    use super::{LastWords, Service};

    #[graceful::main(worker_threads = 1)]
    pub(crate) async fn main() -> graceful::Result<LastWords> {
        let Service {
            load,
            traces,
            logs,
            metrics,
            beside,
        } = super::start()?;
        Ok(LastWords {
            load,
            beside,
            traces,
            logs,
            metrics,
        })
    }
}

pub(crate) mod many_threads {
    #[graceful::main(worker_threads = 1)]
    pub(crate) async fn main() -> graceful::Result<super::Service> {
        super::start()
    }
}

pub(crate) mod one_thread {
    #[graceful::main(flavor = "current_thread")]
    pub(crate) async fn main() -> graceful::Result<super::Service> {
        super::start()
    }
}

fn start() -> Result<Service> {
    assert_eq!(case(), "load");
    let to = format!("http://127.0.0.1:{}", port());
    // Longer than all that the fields have: a collector that is blocked is theirs to be told of.
    let patience = Duration::from_secs(20);
    let spans = SpanExporter::builder().with_tonic();
    let spans = spans.with_endpoint(&to).with_timeout(patience).build()?;
    let traces = SdkTracerProvider::builder().with_batch_exporter(spans);
    let traces = traces.build();
    let records = LogExporter::builder().with_tonic();
    let records = records.with_endpoint(&to).with_timeout(patience).build()?;
    let logs = SdkLoggerProvider::builder().with_batch_exporter(records);
    let logs = logs.build();
    let counts = MetricExporter::builder().with_tonic();
    let counts = counts.with_endpoint(&to).with_timeout(patience).build()?;
    let metrics = SdkMeterProvider::builder().with_periodic_exporter(counts);
    let metrics = metrics.build();
    let spans = traces.tracer("tests");
    let logger = logs.logger("tests");
    let counter = metrics.meter("tests").u64_counter("work").build();
    let load = load(move || {
        let (spans, logger, counter) = (spans.clone(), logger.clone(), counter.clone());
        async move {
            drop(spans.start("work"));
            let mut record = logger.create_log_record();
            record.set_body("work".into());
            logger.emit(record);
            counter.add(1, &[]);
            // Slow enough that no queue is ever full: what is full throws away, and counts that.
            tokio::time::sleep(Duration::from_millis(10)).await;
            Ok(())
        }
    });
    Ok(Service {
        load,
        traces,
        logs,
        metrics,
        beside: Beside,
    })
}
