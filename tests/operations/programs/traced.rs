//! A service whose spans go to OpenTelemetry, and are printed at the end.

use crate::parts::{Fails, Slow};
use opentelemetry::trace::{Status, TracerProvider as _};
use opentelemetry_sdk::trace::{InMemorySpanExporter, SdkTracerProvider};
use std::time::Duration;
use tracing_subscriber::layer::SubscriberExt as _;

#[derive(graceful::Shutdown)]
struct App {
    #[shutdown(timeout = "1s")]
    sender: Slow,
    #[shutdown(timeout = "1s", name = "brokers")]
    brokers: [Fails; 1],
}

#[graceful::main(timeout = "5s")]
pub(crate) async fn main() -> App {
    let exporter = InMemorySpanExporter::default();
    let provider = SdkTracerProvider::builder()
        .with_simple_exporter(exporter.clone())
        .build();
    let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("operations"));
    let subscriber = tracing_subscriber::registry().with(layer);
    tracing::subscriber::set_global_default(subscriber).expect("it is the first one");
    graceful::on_report(move |_| {
        // The whole ends on the log's thread, at the same time as this is called.
        let is_whole = || {
            let spans = exporter.get_finished_spans().unwrap_or_default();
            spans.iter().any(|span| span.name == "shutdown")
        };
        for _ in 0..100 {
            if is_whole() {
                break;
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        let spans = exporter.get_finished_spans().unwrap_or_default();
        for span in &spans {
            let mut spans = spans.iter();
            let parent = spans.find(|parent| parent.span_context.span_id() == span.parent_span_id);
            let parent = parent.map_or("nothing", |parent| &*parent.name);
            let status = match &span.status {
                Status::Error { .. } => "error",
                _ => "ok",
            };
            println!("span {} in {parent}: {status}", span.name);
        }
    });
    println!("ready");
    App {
        sender: Slow(Duration::from_millis(100)),
        brokers: [Fails],
    }
}
