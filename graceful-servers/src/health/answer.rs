//! What a probe is answered: a status, and JSON that says why.

use super::check::Known;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use graceful_runtime::Phase;
use serde_json::{Map, Value, json};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// How the checks came out, by name.
pub(super) type Found = Vec<(String, Arc<Known>)>;

/// That the process lives is all that there is to say.
pub(super) fn live() -> Response {
    answer(StatusCode::OK, &json!({ "status": "alive" }))
}

/// Ready, or why not.
pub(super) fn ready(phase: Phase, found: &Found) -> Response {
    match (not_running(phase), failing(found)) {
        // In this order, as it is documented: who does not parse it compares it.
        (Some((status, message)), _) => unavailable(&format_args!(
            r#"{{"status":"{status}","message":"{message}"}}"#
        )),
        (None, failing) if failing.is_empty() => {
            answer(StatusCode::OK, &json!({ "status": "ready" }))
        }
        (None, failing) => unavailable(&json!({ "status": "failing", "failing": failing })),
    }
}

/// Everything that is known.
pub(super) fn health(phase: Phase, found: &Found) -> Response {
    let checks: Map<String, Value> = found
        .iter()
        .map(|(name, known)| (name.clone(), check(known)))
        .collect();
    let is_well = failing(found).is_empty();
    let status = match not_running(phase) {
        Some((status, _)) => status,
        None if is_well => "ok",
        None => "failing",
    };
    let body = json!({ "status": status, "phase": phase.to_string(), "checks": checks });
    match status {
        "ok" => answer(StatusCode::OK, &body),
        _ => unavailable(&body),
    }
}

fn check(known: &Known) -> Value {
    let (took_ms, age_ms) = (millis(known.took), millis(known.age()));
    match &known.error {
        None => json!({ "status": "ok", "took_ms": took_ms, "age_ms": age_ms }),
        Some(error) => {
            json!({ "status": "failing", "error": error, "took_ms": took_ms, "age_ms": age_ms })
        }
    }
}

fn failing(found: &Found) -> Vec<&str> {
    let failing = found.iter().filter(|(_, known)| known.error.is_some());
    failing.map(|(name, _)| &**name).collect()
}

fn not_running(phase: Phase) -> Option<(&'static str, &'static str)> {
    match phase {
        Phase::Starting => Some(("starting", "Service is starting")),
        Phase::Running => None,
        _ => Some(("shutting_down", "Service is shutting down")),
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

fn unavailable(body: &impl fmt::Display) -> Response {
    answer(StatusCode::SERVICE_UNAVAILABLE, body)
}

fn answer(status: StatusCode, body: &impl fmt::Display) -> Response {
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (status, headers, body.to_string()).into_response()
}
