//! The rows in Markdown, as `docs/migration.md` quotes them.

use crate::end::End;
use crate::row::Row;
use graceful::Signal;
use std::time::Duration;

/// Rows that say the same of one pattern are one.
pub(crate) fn of(rows: &[Row]) -> String {
    let mut table = String::from(
        "| program | signal | flavor | `#[tokio::main]` | `#[graceful::main]` |\n\
         | --- | --- | --- | --- | --- |\n",
    );
    for of_a_pattern in rows.chunk_by(|one, next| one.pattern.name == next.pattern.name) {
        let mut lines: Vec<Line> = Vec::new();
        for row in of_a_pattern {
            let cells = [&row.before, &row.after].map(|end| cell(end, row.signal));
            match lines.iter_mut().find(|line| line.cells == cells) {
                Some(line) => line.add(row),
                None => lines.push(Line::new(row, cells)),
            }
        }
        for line in lines {
            let [before, after] = &line.cells;
            let (signals, flavors) = (line.signals.join(", "), line.flavors.join(", "));
            let program = of_a_pattern[0].pattern.words;
            table += &format!("| {program} | {signals} | {flavors} | {before} | {after} |\n");
        }
    }
    table
}

struct Line {
    signals: Vec<String>,
    flavors: Vec<&'static str>,
    cells: [String; 2],
}

impl Line {
    fn new(row: &Row, cells: [String; 2]) -> Self {
        Self {
            signals: vec![row.signal.to_string()],
            flavors: vec![row.flavor],
            cells,
        }
    }

    fn add(&mut self, row: &Row) {
        let signal = row.signal.to_string();
        if !self.signals.contains(&signal) {
            self.signals.push(signal);
        }
        if !self.flavors.contains(&row.flavor) {
            self.flavors.push(row.flavor);
        }
    }
}

fn cell(end: &End, signal: Signal) -> String {
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
