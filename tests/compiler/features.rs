//! What is said where a feature is missing.

use crate::compiler::package::Package;
use std::process::Command;

const FIELDS: &str = "
#[derive(graceful::Shutdown)]
#[shutdown(nothing)]
struct App {
    jobs: tokio_util::task::TaskTracker,
    stop: tokio_util::sync::CancellationToken,
    #[shutdown(skip)]
    child: tokio_util::sync::CancellationToken,
    worker: tokio::process::Child,
    name: String,
}

fn main() {}
";

/// One for each flavor that is not there, where it is written or where it would be.
#[test]
fn a_flavor_without_its_feature_is_one_error() {
    let mut package = Package::with_features("one-thread", "2024", "graceful", &["macros"]);
    let program = r#"
#[graceful::main]
async fn main() -> Result<(), String> { Ok(()) }

#[graceful::main(flavor = "multi_thread", worker_threads = 2)]
async fn work() -> u8 { 1 }

#[graceful::main(flavor = "current_thread")]
async fn alone() {}
"#;
    package.text("flavors", program);
    let messages = package.messages(&["check"]);
    let errors = messages
        .iter()
        .filter(|(_, message)| message["level"] == "error");
    let errors: Vec<_> = errors
        .filter_map(|(_, message)| message["message"].as_str())
        .filter(|error| !error.starts_with("aborting"))
        .collect();
    let needed = "needs the feature `rt-multi-thread` of `graceful-app`";
    let is_said = errors.iter().all(|error| error.contains(needed));
    assert!(is_said && errors.len() == 2, "{errors:#?}");
}

/// Nothing that the environment asks for is passed over: one line, and the start ends.
#[test]
fn a_variable_that_needs_a_feature_says_which() {
    let mut package = Package::new("environment", "2024");
    package.text("asked", "#[graceful::main]\nasync fn main() {}\n");
    let program = package.build().join("asked");
    for (variable, value, feature) in [
        ("GRACEFUL_PLAN", "text", "plan"),
        ("GRACEFUL_TIMEOUT_DB", "5s", "field-limits"),
    ] {
        let run = |value| Command::new(&program).env(variable, value).output();
        let refused = run(value).unwrap();
        let said = String::from_utf8(refused.stderr).unwrap();
        let words = format!("graceful: {variable} needs the feature `{feature}` of `graceful-app`");
        assert!(said.starts_with(&words), "{said}");
        assert_eq!(said.lines().count(), 1, "{said}");
        assert_eq!(refused.status.code(), Some(2));
        assert_eq!(refused.stdout, b"");
        // Manifests often can't leave one away.
        assert!(run("").unwrap().status.success());
    }
}

/// They would be closable with it, and forgotten without a word.
#[test]
fn types_that_need_a_feature_are_not_forgotten_without_it() {
    let mut package = Package::new("features", "2024");
    package.text("fields", FIELDS);
    let messages = package.messages(&["check"]);
    let errors: Vec<_> = messages
        .iter()
        .filter(|(_, message)| message["level"] == "error")
        .filter_map(|(_, message)| message["rendered"].as_str())
        .filter(|error| error.contains("can be closed with the feature `tokio-util`"))
        .collect();
    for field in ["jobs", "stop"] {
        let named = |error: &&&str| error.contains(&format!("field `{field}`"));
        assert_eq!(errors.iter().filter(named).count(), 1, "{messages:#?}");
    }
    assert_eq!(errors.len(), 2, "{messages:#?}");
    let process = messages.iter().any(|(_, message)| {
        let error = message["rendered"].as_str().unwrap_or_default();
        error.contains("field `worker` holds a process")
    });
    assert!(process, "{messages:#?}");
}
