//! A pod, in whatever makes it.

use super::finding::Finding;
use super::probes;
use super::terms::Terms;
use super::yaml::Node;
use super::{command, finding::Place};
use crate::plan::{Facts, whole_seconds};
use std::time::Duration;

/// What Kubernetes waits where nothing is said.
const GRACE: Duration = Duration::from_secs(30);

/// The findings of one document; none where it makes no pod with the program.
pub(super) fn check(document: Node<'_>, facts: &Facts, name: Option<&str>) -> Option<Vec<Finding>> {
    let kind = document
        .get("kind")
        .and_then(Node::text)
        .unwrap_or_default();
    let path: &[&str] = match kind.as_str() {
        "List" => {
            let items = document.get("items").into_iter().flat_map(Node::items);
            let pods = items.filter_map(|item| check(item, facts, name));
            return pods.reduce(|all, found| [all, found].concat());
        }
        "Pod" => &["spec"],
        "CronJob" => &["spec", "jobTemplate", "spec", "template", "spec"],
        _ => &["spec", "template", "spec"],
    };
    let spec = document.at(path)?;
    let containers = spec.get("containers").into_iter().flat_map(Node::items);
    let is_named = |container: &Node<'_>| {
        name.is_none() || container.get("name").and_then(Node::text).as_deref() == name
    };
    let container = containers.into_iter().find(is_named)?;
    let serves = container.get("ports").is_some() && !matches!(kind.as_str(), "Job" | "CronJob");
    let mut pod = Pod {
        spec,
        container,
        serves,
        terms: Terms::of(facts),
        findings: Vec::new(),
    };
    pod.environment();
    let before = pod.hook();
    pod.grace(before);
    pod.lead(before);
    pod.command();
    if serves {
        let found = probes::check(container, &pod.terms);
        pod.findings.extend(found);
    }
    pod.findings.extend(rollout(document));
    Some(pod.findings)
}

struct Pod<'a> {
    spec: Node<'a>,
    container: Node<'a>,
    /// Whether clients come.
    serves: bool,
    terms: Terms,
    findings: Vec<Finding>,
}

impl Pod<'_> {
    fn environment(&mut self) {
        for variable in self.container.get("env").into_iter().flat_map(Node::items) {
            let name = variable.get("name").and_then(Node::text);
            let value = variable.get("value");
            if let (Some(name), Some(value)) = (name, value) {
                let text = value.text().unwrap_or_default();
                self.findings
                    .extend(self.terms.set(&name, &text, value.place()));
            }
        }
        self.findings.extend(self.terms.refused());
    }

    /// What passes before the signal.
    fn hook(&mut self) -> Duration {
        let container = self.container;
        if let Some(signal) = container.at(&["lifecycle", "stopSignal"]) {
            let name = signal.text().unwrap_or_default();
            self.findings
                .extend(self.terms.takes(&name, signal.place()));
        }
        let Some(hook) = container.at(&["lifecycle", "preStop"]) else {
            return Duration::ZERO;
        };
        if let Some(seconds) = hook.at(&["sleep", "seconds"]).and_then(Node::number) {
            return Duration::from_secs(seconds);
        }
        let Some(command) = hook.at(&["exec", "command"]) else {
            return Duration::ZERO;
        };
        let words = command.words().join(" ");
        let mut words = words
            .split_whitespace()
            .skip_while(|word| !word.ends_with("sleep"));
        let Some(seconds) = words.nth(1).and_then(slept) else {
            return Duration::ZERO;
        };
        let text = "the hook runs a program to wait, which an image without a shell does not have: \
                    it fails there, and nothing waits";
        let fix = format!("write `sleep: {{ seconds: {seconds} }}` in place of `exec`");
        self.findings
            .push(Finding::new(command.place(), "pre-stop-exec", text, fix));
        Duration::from_secs(seconds)
    }

    fn grace(&mut self, before: Duration) {
        const KEY: &str = "terminationGracePeriodSeconds";
        let written = self.spec.get(KEY);
        let given = written
            .and_then(Node::number)
            .map_or(GRACE, Duration::from_secs);
        let place = written.unwrap_or(self.spec).place();
        self.findings
            .extend(self.terms.grace([KEY, ""], given, before, place));
    }

    /// Balancers learn of the end after the pod does.
    fn lead(&mut self, before: Duration) {
        if self.serves && before.is_zero() && self.terms.delay.is_zero() {
            let text = "nothing waits between the end of the pod and the end of its listener: no preStop, \
                        and a delay of 0s. Balancers send on for some seconds, and are refused";
            let fix = "add `lifecycle: { preStop: { sleep: { seconds: 5 } } }`, or `delay = \"5s\"` to the program";
            let place = self.container.place();
            self.findings
                .push(Finding::new(place, "no-lead", text, fix));
        }
    }

    fn command(&mut self) {
        for key in ["command", "args"] {
            if let Some(node) = self.container.get(key) {
                let mut words = node.words();
                if key == "command" {
                    words.extend(self.container.get("args").into_iter().flat_map(Node::words));
                }
                let words: Vec<_> = words.iter().map(String::as_str).collect();
                self.findings.extend(command::words(&words, node.place()));
            }
        }
    }
}

/// In whole seconds, what `sleep(1)` is given: `5`, `0.5`, `5s`.
fn slept(word: &str) -> Option<u64> {
    let fraction = word.parse().ok();
    let slept = fraction.map_or_else(
        || humantime::parse_duration(word).ok(),
        |seconds| Duration::try_from_secs_f64(seconds).ok(),
    )?;
    Some(whole_seconds(slept))
}

/// Whether a rollout leaves nobody to serve.
fn rollout(document: Node<'_>) -> Option<Finding> {
    const RULE: &str = "rollout";
    let spec = document.get("spec")?;
    let strategy = spec.get("strategy")?;
    let found = |place: Place, text: String, fix: &str| Some(Finding::new(place, RULE, text, fix));
    if let Some(kind) = strategy
        .get("type")
        .filter(|kind| kind.text().as_deref() == Some("Recreate"))
    {
        let text =
            "`Recreate` ends all pods before it starts one: nobody serves in between".to_owned();
        return found(kind.place(), text, "write `type: RollingUpdate`");
    }
    // Where it is not said, somebody else decides.
    let replicas = spec.get("replicas").and_then(Node::number)?;
    let unavailable = strategy.at(&["rollingUpdate", "maxUnavailable"])?;
    let text = unavailable.text()?;
    let count = match text.strip_suffix('%') {
        // Rounded down, as Kubernetes does it.
        Some(part) => part.parse::<u64>().ok()?.saturating_mul(replicas) / 100,
        None => text.parse().ok()?,
    };
    if count < replicas {
        return None;
    }
    let text = format!("a rollout may end all {replicas} at once: nobody serves in between");
    found(
        unavailable.place(),
        text,
        "write `maxUnavailable: 0` and `maxSurge: 1`, or have more replicas",
    )
}
