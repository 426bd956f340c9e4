//! A unit of systemd: lines of `Key=value` in sections, which are read here, since no crate says where they stand.

use super::command;
use super::finding::{Finding, Place};
use super::terms::Terms;
use crate::plan::{Facts, written};
use std::time::Duration;

/// `DefaultTimeoutStopSec`.
const GRACE: Duration = Duration::from_secs(90);

struct Entry<'a> {
    key: &'a str,
    value: &'a str,
    place: Place,
}

/// The entries of `[Service]`, and where that section begins.
fn service(text: &str) -> Option<(Place, Vec<Entry<'_>>)> {
    let (mut begin, mut entries, mut is_service) = (None, Vec::new(), false);
    for (number, line) in (1..).zip(text.lines()) {
        let at = |column| Place {
            line: number,
            column,
        };
        if line.starts_with('[') {
            is_service = line.trim_end() == "[Service]";
            begin = begin.or(is_service.then(|| at(1)));
        } else if let (true, Some((key, value))) = (
            is_service && !line.starts_with(['#', ';']),
            line.split_once('='),
        ) {
            let start = key.len() + 1 + (value.len() - value.trim_start().len());
            entries.push(Entry {
                key: key.trim(),
                value: value.trim(),
                place: at(line[..start].chars().count() + 1),
            });
        }
    }
    begin.map(|begin| (begin, entries))
}

/// The findings of a unit; none where it has no `[Service]`.
pub(super) fn check(text: &str, facts: &Facts) -> Option<Vec<Finding>> {
    let (begin, entries) = service(text)?;
    let mut terms = Terms::of(facts);
    let mut findings = Vec::new();
    for entry in entries.iter().filter(|entry| entry.key == "Environment") {
        for word in command::split(entry.value) {
            if let Some((name, value)) = word.split_once('=') {
                findings.extend(terms.set(name, value, entry.place));
            }
        }
    }
    findings.extend(terms.refused());
    // The last one counts.
    let last = |keys: &[&str]| entries.iter().rev().find(|entry| keys.contains(&entry.key));
    let timeout = last(&["TimeoutStopSec", "TimeoutSec"]);
    let given = timeout.map_or(Some(GRACE), |entry| span(entry.value));
    if let Some(given) = given {
        let place = timeout.map_or(begin, |entry| entry.place);
        findings.extend(terms.grace(["TimeoutStopSec", "s"], given, Duration::ZERO, place));
    }
    if let Some(signal) = last(&["KillSignal"]) {
        findings.extend(terms.takes(signal.value, signal.place));
    }
    if let Some(start) = last(&["ExecStart"]) {
        findings.extend(shell(start));
    }
    findings.extend(last(&["KillMode"]).and_then(kill_mode));
    if let Some(entry) =
        last(&["SendSIGKILL"]).filter(|entry| ["no", "false", "off", "0"].contains(&entry.value))
    {
        let text = format!(
            "a stop that hangs is never ended, though it should take {} at most",
            written(terms.timeout)
        );
        findings.push(Finding::new(
            entry.place,
            "kill-mode",
            text,
            "leave the line away",
        ));
    }
    findings.extend(
        entries
            .iter()
            .filter(|entry| entry.key == "ExecStop")
            .filter_map(kills),
    );
    Some(findings)
}

/// `90`, `1min 30s`; nothing for `infinity`, which systemd also makes of zero.
fn span(value: &str) -> Option<Duration> {
    let seconds = value.parse().ok().map(Duration::from_secs);
    let span = seconds.or_else(|| humantime::parse_duration(value).ok());
    span.filter(|span| !span.is_zero())
}

fn shell(start: &Entry<'_>) -> Option<Finding> {
    // What says how it is started stands before it.
    let command = start.value.trim_start_matches(['@', '-', ':', '+', '!']);
    let (program, rest) = command.split_once(' ')?;
    let (flag, script) = rest.trim_start().split_once(' ')?;
    let script = script.trim().trim_matches(['"', '\'']);
    command::words(&[program, flag, script], start.place)
}

fn kill_mode(entry: &Entry<'_>) -> Option<Finding> {
    let follows = match entry.value {
        "none" => "nothing is signalled: the program is left to run beside the next one",
        "process" => "what the program has started is left behind when it ends",
        _ => return None,
    };
    let text = format!("with KillMode={} {follows}", entry.value);
    Some(Finding::new(
        entry.place,
        "kill-mode",
        text,
        "write KillMode=mixed: the program is told, and what it leaves is killed",
    ))
}

fn kills(entry: &Entry<'_>) -> Option<Finding> {
    let mut words = entry.value.split_whitespace();
    let is_kill = words
        .next()
        .is_some_and(|program| program.ends_with("kill"));
    let is_hard = words.any(|word| {
        [
            "-9",
            "-KILL",
            "-SIGKILL",
            "--signal=KILL",
            "--signal=SIGKILL",
        ]
        .contains(&word)
    });
    (is_kill && is_hard).then(|| {
        let text = "ExecStop kills the program: nothing of its stop takes place";
        Finding::new(
            entry.place,
            "kill-mode",
            text,
            "leave the line away: systemd sends the signal by itself",
        )
    })
}
