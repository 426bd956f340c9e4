//! The rows in Markdown, as `docs/migration.md` quotes them.

use crate::end::End;
use crate::row::Row;
use graceful::Signal;
use std::collections::BTreeSet;
use std::fmt;
use std::time::Duration;

const HEAD: [&str; 2] = [
    "| program | signal | flavor | `#[tokio::main]` | `#[graceful::main]` |",
    "| --- | --- | --- | --- | --- |",
];

/// Rows that say the same of one pattern are one.
pub(crate) fn of(rows: &[Row]) -> Vec<String> {
    let patterns = rows.chunk_by(|one, next| one.pattern.name == next.pattern.name);
    let lines = patterns.flat_map(lines_of).map(|line| line.to_string());
    HEAD.map(str::to_owned).into_iter().chain(lines).collect()
}

fn lines_of(pattern: &[Row]) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for row in pattern {
        let ends = [&row.before, &row.after].map(|end| words(end, row.signal));
        let same = lines.iter().position(|line| line.ends == ends);
        let line = same.unwrap_or_else(|| {
            lines.push(Line::new(row, ends));
            lines.len() - 1
        });
        lines[line].signals.insert(row.signal.to_string());
        lines[line].flavors.insert(row.flavor);
    }
    lines
}

struct Line {
    program: &'static str,
    signals: BTreeSet<String>,
    flavors: BTreeSet<&'static str>,
    /// Before, and after.
    ends: [String; 2],
}

impl Line {
    fn new(row: &Row, ends: [String; 2]) -> Self {
        Self {
            program: row.pattern.words,
            signals: BTreeSet::new(),
            flavors: BTreeSet::new(),
            ends,
        }
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let signals: Vec<&str> = self.signals.iter().map(String::as_str).collect();
        let flavors: Vec<&str> = self.flavors.iter().copied().collect();
        let (signals, flavors) = (signals.join(", "), flavors.join(", "));
        let (program, [before, after]) = (self.program, &self.ends);
        write!(
            f,
            "| {program} | {signals} | {flavors} | {before} | {after} |"
        )
    }
}

fn words(end: &End, signal: Signal) -> String {
    let finished: Vec<&str> = end.finished.iter().map(String::as_str).collect();
    let finished = match &*finished.join(", ") {
        "" => "nothing finished".to_owned(),
        some => format!("{some} finished"),
    };
    let as_by_the_signal = 128 + i32::from(signal.number());
    let code = match end.code {
        _ if end.killed => "killed".to_owned(),
        code if code == as_by_the_signal => "exit code 128 + n".to_owned(),
        code => format!("exit code {code}"),
    };
    format!("{finished}, {code}, {}", about(end.took))
}

/// Two runs of one program differ by less.
fn about(time: Duration) -> String {
    match time.as_millis() {
        ..200 => "at once".to_owned(),
        200..1000 => "within 1 s".to_owned(),
        longer => format!("after {} s", longer.div_euclid(1000)),
    }
}
