//! The stop as metrics, through the facade of the [`metrics`](https://docs.rs/metrics) crate, so that any exporter has them.
//!
//! | metric | |
//! | --- | --- |
//! | `<prefix>_ready` | 1 while the service takes work, 0 before and once the stop has begun |
//! | `<prefix>_phase{phase}` | 1 for the phase in which it stands, 0 for the others |
//! | `<prefix>_shutdown_inflight{tracker}` | how much work is in flight |
//! | `<prefix>_websockets_open{server}` | how many WebSockets are open |
//! | `<prefix>_shutdown_budget_seconds` | how long the stop may take at most |
//! | `<prefix>_shutdown_duration_seconds` | a histogram with one value: how long the stop took |
//! | `<prefix>_shutdown_errors_total{component, kind}` | what went wrong: each [`Cause`](graceful_runtime::Cause) of the report |
//! | `<prefix>_shutdown_left{component}` | how much was in flight when a step did not close: messages that a producer has not sent, jobs that were cut |
//!
//! The last three get their values when the process is about to end. So that they leave it, [`LastScrape`] waits for one more
//! scrape, within a limit of its own. The errors of what is closed behind it, and all of them where nobody scrapes, are in the
//! [record](graceful_runtime::Builder::report_file).
//!
//! ```no_run
//! use axum::{Router, routing::get};
//! use graceful::http::Server;
//! use graceful::metrics::{LastScrape, Metrics, buckets};
//! use graceful::{Shutdown, Tracker};
//! use metrics_exporter_prometheus::{Matcher, PrometheusBuilder};
//! use std::time::Duration;
//!
//! #[derive(graceful::Shutdown)]
//! struct App {
//!     #[shutdown(timeout = "10s")]
//!     http: Server,
//!     #[shutdown(timeout = "5s")]
//!     sagas: Tracker,
//!     #[shutdown(timeout = "2s")] // somewhat longer than the scraper's interval
//!     last_scrape: LastScrape,
//!     #[shutdown(timeout = "1s")] // behind it: it answers that scrape
//!     admin: Server,
//! }
//!
//! #[graceful::main]
//! async fn main() -> Result<App, Box<dyn std::error::Error>> {
//!     let duration = Matcher::Suffix("shutdown_duration_seconds".to_owned());
//!     let prometheus = PrometheusBuilder::new()
//!         .set_buckets_for_metric(duration, &buckets(Duration::from_secs(25)))?
//!         .install_recorder()?;
//!     let sagas = Tracker::new();
//!     let metrics = Metrics::new("oms")
//!         .tracker("sagas", &sagas)
//!         .plan(App::PLAN)
//!         .install();
//!     let last_scrape = metrics.last_scrape();
//!     let page = get(async move || metrics.scrape(|| prometheus.render()));
//!     Ok(App {
//!         http: Server::bind("0.0.0.0:3000").await?.serve(Router::new()),
//!         sagas,
//!         last_scrape,
//!         admin: Server::bind("0.0.0.0:9990").await?.serve(Router::new().route("/metrics", page)),
//!     })
//! }
//! ```

mod builder;
mod installed;
mod last_scrape;
mod names;

pub use builder::Metrics;
pub use installed::Installed;
pub use last_scrape::LastScrape;
pub use names::buckets;
