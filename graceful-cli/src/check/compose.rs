//! A service of a Compose file.

use super::command;
use super::finding::Finding;
use super::terms::Terms;
use super::yaml::Node;
use crate::plan::Facts;
use anyhow::bail;
use std::time::Duration;

/// What Compose waits where nothing is said.
const GRACE: Duration = Duration::from_secs(10);

/// The findings of the program's service; none where no service has that name.
pub(super) fn check(
    document: Node<'_>,
    facts: &Facts,
    name: Option<&str>,
) -> anyhow::Result<Option<Vec<Finding>>> {
    let services: Vec<_> = document
        .get("services")
        .into_iter()
        .flat_map(Node::entries)
        .collect();
    let Some((key, service)) = program(&services, name)? else {
        return Ok(None);
    };
    let mut terms = Terms::of(facts);
    let mut findings = Vec::new();
    for (name, value) in environment(service) {
        findings.extend(terms.set(&name, &value.1, value.0.place()));
    }
    findings.extend(terms.refused());
    let grace = service.get("stop_grace_period");
    let given = grace
        .and_then(Node::text)
        .and_then(|text| humantime::parse_duration(&text).ok());
    let place = grace.unwrap_or(key).place();
    findings.extend(terms.grace(
        ["stop_grace_period", "s"],
        given.unwrap_or(GRACE),
        Duration::ZERO,
        place,
    ));
    if let Some(signal) = service.get("stop_signal") {
        findings.extend(terms.takes(&signal.text().unwrap_or_default(), signal.place()));
    }
    for key in ["entrypoint", "command"] {
        if let Some(node) = service.get(key) {
            let words = match node.text() {
                // It is split into words, and quotes stay together.
                Some(text) => command::split(&text),
                None => node.words(),
            };
            let words: Vec<_> = words.iter().map(String::as_str).collect();
            findings.extend(command::words(&words, node.place()));
        }
    }
    Ok(Some(findings))
}

/// Which of the services is the program: the one of that name, the only one, or the only one that is built.
fn program<'a>(
    services: &[(Node<'a>, Node<'a>)],
    name: Option<&str>,
) -> anyhow::Result<Option<(Node<'a>, Node<'a>)>> {
    if name.is_some() {
        let is_named = |(key, _): &&(Node<'_>, Node<'_>)| key.text().as_deref() == name;
        return Ok(services.iter().find(is_named).copied());
    }
    if let [only] = services {
        return Ok(Some(*only));
    }
    let built: Vec<_> = services
        .iter()
        .filter(|(_, service)| service.get("build").is_some())
        .collect();
    if let [only] = built[..] {
        return Ok(Some(*only));
    }
    let names: Vec<_> = services.iter().filter_map(|(key, _)| key.text()).collect();
    bail!(
        "which of {} is the program? Say so with `--service`",
        names.join(", ")
    )
}

/// As a mapping, or as a list of `NAME=value`.
fn environment(service: Node<'_>) -> Vec<(String, (Node<'_>, String))> {
    let Some(environment) = service.get("environment") else {
        return Vec::new();
    };
    let mapped = environment.entries().filter_map(|(name, value)| {
        Some((name.text()?, (value, value.text().unwrap_or_default())))
    });
    let listed = environment.items().filter_map(|item| {
        let text = item.text()?;
        let (name, value) = text.split_once('=')?;
        Some((name.to_owned(), (item, value.to_owned())))
    });
    mapped.chain(listed).collect()
}
