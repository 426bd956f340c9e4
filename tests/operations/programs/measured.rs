//! A service whose stop goes wrong in two parts before the last scrape, and in one behind it.

use crate::parts::{Fails, Slow};
use axum::Router;
use axum::routing::get;
use graceful::http::Server;
use graceful::metrics::{LastScrape, Metrics, buckets};
use graceful::{Shutdown, Tracker};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder};
use std::future::pending;
use std::time::Duration;

type Started<T> = Result<T, Box<dyn std::error::Error>>;

#[derive(graceful::Shutdown)]
struct App {
    #[shutdown(timeout = "3s")]
    sender: Slow,
    #[shutdown(timeout = "100ms")]
    jobs: Tracker,
    #[shutdown(timeout = "1s")]
    brokers: Brokers,
    #[shutdown(timeout = "2s")]
    last_scrape: LastScrape,
    #[shutdown(timeout = "1s")]
    admin: Server,
    #[shutdown(timeout = "1s")]
    logs: Fails,
}

#[derive(graceful::Shutdown)]
struct Brokers {
    #[shutdown]
    nats: Fails,
}

#[graceful::main(timeout = "10s")]
pub(crate) async fn main() -> Started<App> {
    let duration = Matcher::Suffix("shutdown_duration_seconds".to_owned());
    let prometheus = PrometheusBuilder::new()
        .set_buckets_for_metric(duration, &buckets(Duration::from_secs(10)))?
        .install_recorder()?;
    let jobs = Tracker::new();
    for _ in 0..3 {
        jobs.spawn(pending::<()>())?;
    }
    let metrics = Metrics::new("graceful")
        .plan(App::PLAN)
        .tracker("jobs", &jobs)
        .websockets("chat", || 7)
        .install();
    let last_scrape = metrics.last_scrape();
    let page = get(async move || metrics.scrape(|| prometheus.render()));
    let admin = Server::bind("127.0.0.1:0").await?;
    println!("metrics on {}", admin.local_addr()?);
    Ok(App {
        sender: Slow(Duration::from_millis(300)),
        jobs,
        brokers: Brokers { nats: Fails },
        last_scrape,
        admin: admin.serve(Router::new().route("/metrics", page)),
        logs: Fails,
    })
}
