//! The timeline as a Gantt diagram of Mermaid.

use super::bars::bars;
use graceful_runtime::{Outcome, Report};
use std::fmt::Write as _;

/// The report as a [Gantt diagram of Mermaid](https://mermaid.js.org/syntax/gantt.html), which GitHub, GitLab and many wikis
/// draw. Steps that did not close are `crit`; one that never began has no bar, and stands in a comment.
///
/// ```
/// use graceful::testing::{Fault, run};
///
/// let workers = async || vec![tokio::spawn(async {}), tokio::spawn(async {})];
/// let report = run(workers).fault("1", Fault::Hang).report();
/// let diagram = graceful::timeline::mermaid(&report);
/// assert!(diagram.starts_with("gantt\n"));
/// assert!(diagram.contains("    1 (timed out) :crit, "));
/// ```
#[must_use]
pub fn mermaid(report: &Report) -> String {
    let mut text = String::from("gantt\n");
    let title = plain(&format!("stopped after {}", report.reason));
    // Milliseconds from the beginning of the stop.
    text.push_str("    dateFormat x\n    axisFormat %M:%S.%L\n");
    // A string takes everything.
    let _ = writeln!(text, "    title {title}");
    // What takes no time is still to be seen.
    let least = (report.total.as_millis() / 200).max(1);
    for bar in bars(report) {
        let (step, word) = (bar.step, bar.word());
        let name = plain(&step.name);
        let Some(started) = step.started else {
            let _ = writeln!(text, "    %% {name}: {word}");
            continue;
        };
        let tag = match step.outcome {
            Outcome::Closed | Outcome::Skipped => "done",
            _ => "crit",
        };
        let from = started.as_millis();
        let to = (started + step.took).as_millis().max(from + least);
        let _ = writeln!(text, "    {name} ({word}) :{tag}, {from}, {to}");
    }
    text
}

/// Without what ends a task's name, or a line.
fn plain(text: &str) -> String {
    let is_syntax = |c: char| matches!(c, ':' | ';' | '#' | ',') || c.is_control();
    text.replace(is_syntax, " ")
}
