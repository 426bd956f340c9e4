//! The dashboard, as Grafana and Prometheus have it.

use crate::prometheus::Prometheus;
use crate::tools;
use graceful::Signal;
use serde_json::Value;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

/// Options of the data source, of which Grafana's own types know nothing.
const OF_PROMETHEUS: [&str; 1] = ["titleFormat"];

/// Reads it into Grafana's own types, and writes it again: what they do not know is lost.
const THROUGH_GRAFANA: &str = "
import json, sys
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.dashboard import Dashboard
read = Dashboard.from_json(json.load(open(sys.argv[1])))
print(JSONEncoder(sort_keys=True, indent=2).encode(read))
";

fn file() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/operations/dashboard.json")
}

fn dashboard() -> Value {
    let text = std::fs::read_to_string(file()).expect("it is there");
    serde_json::from_str(&text).expect("it is JSON")
}

/// What one question of the dashboard is.
pub(crate) struct Query {
    pub(crate) title: String,
    /// With values in the place of Grafana's own variables.
    pub(crate) expression: String,
    /// The labels that stand in its legend.
    legend: Vec<String>,
    /// At one moment, and not over the range that is shown.
    is_instant: bool,
}

impl Query {
    fn of(title: &Value, target: &Value, legend: &str) -> Self {
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        let legend = target[legend].as_str().unwrap_or_default();
        let labels = legend.split("{{").skip(1);
        let labels = labels.filter_map(|rest| Some(rest.split_once("}}")?.0.trim().to_owned()));
        Self {
            title: text(title),
            expression: text(&target["expr"])
                .replace("$__range", "1h")
                .replace("$job", "orders"),
            legend: labels.collect(),
            is_instant: target["instant"] == true,
        }
    }
}

fn list<'a>(value: &'a Value, field: &str) -> &'a [Value] {
    value[field].as_array().expect("a list")
}

/// Those of its panels and its annotations.
pub(crate) fn queries() -> Vec<Query> {
    let dashboard = dashboard();
    let mut found = Vec::new();
    for panel in list(&dashboard, "panels") {
        for target in list(panel, "targets") {
            found.push(Query::of(&panel["title"], target, "legendFormat"));
        }
    }
    for annotation in list(&dashboard["annotations"], "list") {
        found.push(Query::of(&annotation["name"], annotation, "titleFormat"));
    }
    assert!(found.len() >= 9, "{}", found.len());
    found
}

/// The fields of `written` that are not in `read` with the same value.
fn lost(path: &str, written: &Value, read: &Value, found: &mut Vec<String>) {
    match (written, read) {
        (Value::Object(written), Value::Object(read)) => {
            for (name, value) in written {
                let path = format!("{path}.{name}");
                match read.get(name) {
                    Some(read) => lost(&path, value, read, found),
                    None if OF_PROMETHEUS.contains(&&**name) => {}
                    None => found.push(path),
                }
            }
        }
        (Value::Array(written), Value::Array(read)) if written.len() == read.len() => {
            for (at, (written, read)) in written.iter().zip(read).enumerate() {
                lost(&format!("{path}[{at}]"), written, read, found);
            }
        }
        _ if written == read => {}
        _ => found.push(path.to_owned()),
    }
}

#[test]
fn grafana_s_own_types_take_each_field() {
    if !tools::has("python3", &["-c", "import grafana_foundation_sdk"]) {
        return;
    }
    let output = Command::new("python3")
        .args(["-c", THROUGH_GRAFANA])
        .arg(file())
        .output()
        .expect("it runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let read: Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
    let mut missing = Vec::new();
    lost("", &dashboard(), &read, &mut missing);
    assert_eq!(missing, [""; 0], "{read:#}");
}

/// For an address.
fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut encoded, byte| {
        // A `String` takes everything.
        let _ = write!(encoded, "%{byte:02X}");
        encoded
    })
}

/// A stop that goes wrong, with all that a program has.
#[test]
fn each_query_of_the_dashboard_has_a_result() {
    let now = || {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        now.expect("past 1970").as_secs_f64()
    };
    let from = now();
    let Some((prometheus, mut process)) = Prometheus::with_program() else {
        return;
    };
    process.signal(Signal::Terminate).end().assert_code(1);
    // It has seen that the program is gone.
    prometheus.wait_for(
        &format!("/api/v1/query?query={}", encoded("up == 0")),
        |data| !list(data, "result").is_empty(),
    );
    for query in queries() {
        let Query {
            title, expression, ..
        } = &query;
        let asked = encoded(expression);
        let path = if query.is_instant {
            format!("/api/v1/query?query={asked}")
        } else {
            let until = now();
            format!("/api/v1/query_range?query={asked}&start={from}&end={until}&step=1")
        };
        let data = prometheus.get(&path);
        let data = data.unwrap_or_else(|| panic!("{title}: {expression} is refused"));
        let series = list(&data, "result");
        assert!(!series.is_empty(), "{title}: {expression} has no result");
        for series in series {
            let is_number = |sample: &Value| {
                let value = sample[1].as_str().and_then(|it| it.parse::<f64>().ok());
                value.is_some_and(f64::is_finite)
            };
            let is_shown = match series.get("values").and_then(Value::as_array) {
                Some(samples) => samples.iter().any(is_number),
                None => is_number(&series["value"]),
            };
            assert!(is_shown, "{title}: {series:#}");
            for label in &query.legend {
                assert!(
                    series["metric"][label].is_string(),
                    "{title}: {label} of {series:#}"
                );
            }
        }
    }
    // What the list of jobs is filled with.
    let jobs = prometheus.get("/api/v1/label/job/values?match[]=graceful_ready");
    assert_eq!(jobs, Some(serde_json::json!(["orders"])));
}
