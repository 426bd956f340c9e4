//! The reports as a person reads them: a line for each run, and below it what does not hold.

use super::load::End;
use super::report::{Report, StreamEnd};
use std::fmt::{self, Write as _};

const HEAD: [&str; 9] = [
    "run", "ready", "ended", "code", "answered", "failed", "refused", "unready", "streams",
];

/// All runs of one rehearsal.
pub(super) struct Table<'a>(pub(super) &'a [Report]);

impl fmt::Display for Table<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows: Vec<_> = self.0.iter().map(row).collect();
        let mut widths = HEAD.map(str::len);
        for row in &rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = cell.chars().count().max(*width);
            }
        }
        let line = |f: &mut fmt::Formatter<'_>, mark: &str, cells: &[String; 9]| {
            let mut line = String::from(mark);
            for (cell, &width) in cells.iter().zip(&widths) {
                // A `String` takes everything.
                let _ = write!(line, " {cell:width$} ");
            }
            writeln!(f, "{}", line.trim_end())
        };
        line(f, " ", &HEAD.map(str::to_owned))?;
        for (report, row) in self.0.iter().zip(&rows) {
            let mark = match (&report.skipped, report.broken.is_empty()) {
                (Some(_), _) => "-",
                (None, true) => " ",
                (None, false) => "!",
            };
            line(f, mark, row)?;
            if let Some(reason) = &report.skipped {
                writeln!(f, "    skipped: {reason}")?;
            }
            for broken in &report.broken {
                writeln!(f, "    {}: {}", broken.bound, broken.text)?;
            }
        }
        Ok(())
    }
}

fn row(report: &Report) -> [String; 9] {
    let time = |seconds: Option<f64>| seconds.map_or_else(none, |it| format!("{it:.3} s"));
    let total = report.total();
    let counts = |count: usize| {
        if total.sent == 0 {
            none()
        } else {
            count.to_string()
        }
    };
    let code = report
        .exit
        .as_ref()
        .map_or_else(none, |exit| match (exit.code, exit.by_signal) {
            _ if exit.killed => "killed".to_owned(),
            (Some(code), _) => code.to_string(),
            (None, Some(signal)) => format!("signal {signal}"),
            (None, None) => none(),
        });
    let streams: Vec<_> = report.streams.iter().map(stream).collect();
    [
        report.run.to_string(),
        time(report.ready_seconds),
        time(report.exit_after_second_seconds.or(report.exit_seconds)),
        code,
        counts(total.answered),
        counts(total.failures()),
        counts(total.refused_after),
        time(report.readiness_off_seconds),
        if streams.is_empty() {
            none()
        } else {
            streams.join(", ")
        },
    ]
}

fn none() -> String {
    "-".to_owned()
}

fn stream(stream: &StreamEnd) -> String {
    let end = match &stream.end {
        End::Ended(Some(code)) => format!("closed ({code})"),
        End::Ended(None) => "ended".to_owned(),
        End::Cut => "cut".to_owned(),
        End::Open => "left open".to_owned(),
    };
    format!("{} {end}", stream.name)
}
