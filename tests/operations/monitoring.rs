//! The alert rules, the dashboard and the runbook are about what there is.

use crate::dashboard::queries;
use crate::scraper::scrape;
use crate::{program, tools};
use graceful::{CauseKind, Signal};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/operations")
}

fn read(name: &str) -> String {
    std::fs::read_to_string(docs().join(name)).expect("it is there")
}

fn promtool(arguments: &[&str], file: &Path) {
    if !tools::has("promtool", &["--version"]) {
        return;
    }
    let mut command = Command::new("promtool");
    let output = command
        .args(arguments)
        .arg(file)
        .current_dir(docs())
        .output();
    let output = output.expect("it runs");
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    assert!(
        output.status.success() && said.contains("SUCCESS"),
        "{said}"
    );
}

#[test]
fn promtool_takes_the_rules_and_their_tests() {
    promtool(&["check", "rules"], &docs().join("alerts.yml"));
    promtool(&["test", "rules"], &docs().join("alerts.test.yml"));
}

#[test]
fn promtool_takes_each_query_of_the_dashboard() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("rules.json");
    let rules: Vec<_> = queries()
        .into_iter()
        .enumerate()
        .map(|(at, query)| {
            serde_json::json!({ "record": format!("query:{at}"), "expr": query.expression })
        })
        .collect();
    // JSON is YAML.
    let rules = serde_json::json!({ "groups": [{ "name": "dashboard", "rules": rules }] });
    std::fs::write(&file, rules.to_string()).expect("it can be written");
    promtool(&["check", "rules"], &file);
}

/// The names in a text that begin with the prefix.
fn names(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    let words = words.filter(|word| word.starts_with("graceful_") && *word != "graceful_");
    words.map(str::to_owned).collect()
}

#[test]
fn rules_and_dashboard_ask_for_what_a_program_has() {
    let mut process = program("measured").start();
    let line = process.wait_for_line("metrics on ");
    let address = line.trim_start_matches("metrics on ").parse();
    let address = address.expect("an address");
    scrape(address).expect("it answers");
    process.signal(Signal::Terminate);
    // The last page has those of the end.
    let pages = (0..1000).map_while(|_| {
        std::thread::sleep(Duration::from_millis(10));
        scrape(address)
    });
    let last = pages.last().expect("it has answered");
    process.end();
    let there: BTreeSet<_> = last.keys().flat_map(|name| names(name)).collect();
    let rules = read("alerts.yml");
    let rules = rules.lines().filter(|line| !line.starts_with('#'));
    let rules: Vec<_> = rules.collect();
    let mut asked = names(&rules.join("\n"));
    for query in queries() {
        let of_query = names(&query.expression);
        assert!(!of_query.is_empty(), "{}", query.title);
        asked.extend(of_query);
    }
    assert!(asked.len() >= 7, "{asked:?}");
    let missing: Vec<_> = asked.difference(&there).collect();
    assert!(missing.is_empty(), "{missing:?} of {there:?}");
}

#[test]
fn the_runbook_has_a_section_for_each_outcome_and_each_alert() {
    let runbook = read("runbook.md");
    let headings: Vec<_> = runbook
        .lines()
        .filter_map(|line| line.strip_prefix("## "))
        .map(|heading| heading.replace('`', "").replace(' ', "-").to_lowercase())
        .collect();
    for kind in CauseKind::ALL {
        assert!(headings.contains(&kind.to_string()), "{kind}");
    }
    let rules = read("alerts.yml");
    let mut linked = 0;
    for (_, section) in rules
        .lines()
        .filter_map(|line| line.split_once("runbook.md#"))
    {
        let section = section.trim_end_matches('"');
        let is_a_kind = section == "{{ $labels.kind }}";
        assert!(
            is_a_kind || headings.iter().any(|it| it == section),
            "{section}"
        );
        linked += 1;
    }
    assert_eq!(linked, rules.matches("- alert:").count());
}
