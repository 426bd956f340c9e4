//! What is said where a feature is missing.

use crate::package::Package;

const FIELDS: &str = "
#[derive(graceful::Shutdown)]
#[shutdown(nothing)]
struct App {
    jobs: tokio_util::task::TaskTracker,
    stop: tokio_util::sync::CancellationToken,
    #[shutdown(skip)]
    child: tokio_util::sync::CancellationToken,
    name: String,
}

fn main() {}
";

/// They would be closable with it, and forgotten without a word.
#[test]
fn types_of_tokio_util_are_not_forgotten_without_their_feature() {
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
}
