//! Probes of a container: whether they see the stop in time, and whether they end it too early.

use super::finding::Finding;
use super::terms::Terms;
use super::yaml::Node;
use crate::plan::{written, written_seconds};
use std::time::Duration;

/// The paths by which services say that they are ready, which they are not while they drain.
const READINESS: [&str; 6] = [
    "/readyz",
    "/healthz",
    "/ready",
    "/readiness",
    "/health/ready",
    "/-/ready",
];

pub(super) fn check(container: Node<'_>, terms: &Terms) -> Vec<Finding> {
    let readiness = container.get("readinessProbe");
    let mut findings = Vec::new();
    match readiness {
        None => findings.push(Finding::new(
            container.place(),
            "no-readiness",
            "there is no readiness probe: requests come before it can answer them, and go on coming when it can't",
            "add a `readinessProbe` that asks `/readyz`",
        )),
        Some(probe) => findings.extend(period(probe, terms)),
    }
    if let Some(probe) = container.get("livenessProbe") {
        findings.extend(asks_readiness(probe, readiness, terms));
        findings.extend(kills(container, probe, terms));
    }
    findings
}

fn count(probe: Node<'_>, key: &str, default: u64) -> u64 {
    probe.get(key).and_then(Node::number).unwrap_or(default)
}

/// In seconds.
fn kills_after(probe: Node<'_>) -> u64 {
    count(probe, "periodSeconds", 10).saturating_mul(count(probe, "failureThreshold", 3))
}

/// Whoever goes by the probe has to learn of the stop while the program still serves.
fn period(probe: Node<'_>, terms: &Terms) -> Option<Finding> {
    let period = count(probe, "periodSeconds", 10);
    if terms.delay.is_zero() || Duration::from_secs(period) <= terms.delay {
        return None;
    }
    let place = probe.get("periodSeconds").unwrap_or(probe).place();
    let delay = written(terms.delay);
    let text = format!(
        "readiness is asked every {}, and the program serves on for {delay} after the signal: \
         whoever goes by the probe learns of the stop too late",
        written_seconds(period)
    );
    let fix = format!("ask at least every {delay}, or give the program a longer `delay`");
    Some(Finding::new(place, "probe-period", text, fix))
}

/// Where liveness asks what readiness asks, it fails from the signal on.
fn asks_readiness(probe: Node<'_>, readiness: Option<Node<'_>>, terms: &Terms) -> Option<Finding> {
    const PATH: [&str; 2] = ["httpGet", "path"];
    let asked = probe.at(&PATH)?;
    let text = asked.text()?;
    let ready = readiness.and_then(|probe| probe.at(&PATH));
    let same = ready.and_then(Node::text).as_ref() == Some(&text);
    if !same && !READINESS.contains(&text.as_str()) {
        return None;
    }
    let kills = kills_after(probe);
    let text = format!(
        "liveness asks {text}, which fails from the stop's beginning on: it may kill after {}, and the stop takes {}",
        written_seconds(kills),
        written(terms.timeout)
    );
    let fix = "ask `/livez`, which is answered to the end";
    Some(Finding::new(asked.place(), "liveness-path", text, fix))
}

/// Where liveness asks on the port that is closed first.
fn kills(container: Node<'_>, probe: Node<'_>, terms: &Terms) -> Option<Finding> {
    let asked = probe
        .at(&["httpGet", "port"])
        .or(probe.at(&["tcpSocket", "port"]))?;
    let serving = container.get("ports")?.items().next()?;
    let port = asked.text();
    let is_serving = ["name", "containerPort"]
        .iter()
        .any(|key| serving.get(key).and_then(Node::text) == port);
    let kills = kills_after(probe);
    let drains = terms.timeout.saturating_sub(terms.delay);
    if !is_serving || Duration::from_secs(kills) >= drains {
        return None;
    }
    let text = format!(
        "liveness asks on the port that is closed first: it may kill after {}, and what comes then takes {}",
        written_seconds(kills),
        written(drains)
    );
    let fix = "ask on a port of its own, that is answered to the end; or raise `failureThreshold`";
    Some(Finding::new(asked.place(), "liveness-kills", text, fix))
}
