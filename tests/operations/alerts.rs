//! The alert rules, over a stop that goes wrong.

use crate::prometheus::Prometheus;
use graceful::Signal;
use serde_json::Value;

#[test]
fn a_real_prometheus_sees_the_last_values_and_fires() {
    let Some((prometheus, mut process)) = Prometheus::with_program() else {
        return;
    };
    process.signal(Signal::Terminate).end().assert_code(1);
    let fires = |component: &str, kind: &str, data: &Value| {
        let alerts = data["alerts"].as_array();
        alerts.into_iter().flatten().any(|alert| {
            let labels = &alert["labels"];
            alert["state"] == "firing"
                && labels["alertname"] == "GracefulStopUnclean"
                && labels["component"] == component
                && labels["kind"] == kind
        })
    };
    prometheus.wait_for("/api/v1/alerts", |data| {
        fires("jobs", "timed_out", data) && fires("brokers.nats", "failed", data)
    });
    // What is behind the last scrape stands in the record alone.
    let data = prometheus.get("/api/v1/alerts").expect("it answers");
    assert!(!fires("logs", "failed", &data), "{data:#}");
}
