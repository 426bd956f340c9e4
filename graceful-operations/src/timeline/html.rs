//! The page: no script, no other file, nothing from the network.

use super::bars::{Bar, Time, bars};
use super::escaped::Escaped;
use super::svg::svg;
use graceful_runtime::{Report, StepReport};
use std::fmt::{self, Write as _};

const STYLE: &str = include_str!("style.css");

/// The report as a page for a browser: the timeline as SVG, what went wrong, and each step in a table. One file, without
/// scripts, and with nothing from the network: it can be attached to an issue.
///
/// ```
/// use graceful::testing::run;
///
/// let report = run(async || vec![tokio::spawn(async {})]).report();
/// let page = graceful::timeline::html(&report);
/// assert!(page.starts_with("<!doctype html>") && page.contains("<svg"));
/// ```
#[must_use]
pub fn html(report: &Report) -> String {
    let mut page = String::new();
    // A string takes everything.
    let _ = write(report, &mut page);
    page
}

fn write(report: &Report, out: &mut String) -> fmt::Result {
    let bars = bars(report);
    let title = format!("stopped after {}", report.reason);
    let title = Escaped(&title);
    let (class, word) = if report.is_clean() {
        ("clean", "clean")
    } else {
        ("unclean", "not clean")
    };
    writeln!(
        out,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" \
         content=\"width=device-width\">\n<title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>"
    )?;
    writeln!(
        out,
        "<h1>{title} <span class=\"chip {class}\">{word}</span></h1>\n<p class=\"facts\">{} of {} · exit code {}{}</p>",
        Time(report.total),
        Time(report.budget),
        report.exit_code,
        Forced(report)
    )?;
    causes(report, out)?;
    if bars.is_empty() {
        writeln!(out, "<p>There was nothing to close.</p>")?;
    } else {
        svg(report, &bars, out)?;
        table(&bars, out)?;
    }
    if report.omitted_steps > 0 {
        writeln!(out, "<p>and {} steps more</p>", report.omitted_steps)?;
    }
    writeln!(out, "</body>\n</html>")
}

/// What cut it.
struct Forced<'a>(&'a Report);

impl fmt::Display for Forced<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(signal) = self.0.forced_by {
            write!(f, " · forced by a second signal, {signal}")?;
        }
        if self.0.deadline_passed {
            f.write_str(" · the total deadline passed")?;
        }
        Ok(())
    }
}

fn causes(report: &Report, out: &mut String) -> fmt::Result {
    let causes = report.causes();
    if causes.is_empty() {
        return Ok(());
    }
    writeln!(out, "<h2>What went wrong</h2>\n<ul>")?;
    for cause in causes {
        let kind = cause.kind.as_str().replace('_', " ");
        let separator = if cause.message.is_empty() { "" } else { ": " };
        writeln!(
            out,
            "<li><b>{}</b> {kind}{separator}{}</li>",
            Escaped(&cause.component),
            Escaped(&cause.message)
        )?;
    }
    writeln!(out, "</ul>")
}

fn table(bars: &[Bar<'_>], out: &mut String) -> fmt::Result {
    writeln!(
        out,
        "<table>\n<tr><th>step</th><th>began</th><th>took</th><th>limit</th><th>outcome</th><th></th></tr>"
    )?;
    for bar in bars {
        let StepReport {
            name,
            started,
            took,
            limit,
            ..
        } = bar.step;
        let began = started.map(|at| Time(at).to_string()).unwrap_or_default();
        let took = started.map(|_| Time(*took).to_string()).unwrap_or_default();
        let limit = limit.map(|limit| Time(limit).to_string());
        writeln!(
            out,
            "<tr><td>{}</td><td>{began}</td><td>{took}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            Escaped(name),
            limit.unwrap_or_default(),
            bar.word(),
            Escaped(&bar.details())
        )?;
    }
    writeln!(out, "</table>")
}
