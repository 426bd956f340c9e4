//! The bars, over an axis of time.

use super::bars::{Bar, Time};
use super::escaped::Escaped;
use graceful_runtime::{Outcome, Report};
use std::fmt::{self, Write as _};
use std::time::Duration;

const WIDTH: f64 = 1000.0;
/// Of a row, and of its bar.
const ROW: f64 = 28.0;
const BAR: f64 = 16.0;
/// For the numbers of the axis.
const AXIS: f64 = 26.0;
/// Names are left of this, what came of each is right of that.
const LEFT: f64 = 210.0;
const RIGHT: f64 = 790.0;
/// A character of the text, about.
const CHARACTER: f64 = 7.2;
/// The least that is seen.
const LEAST: f64 = 2.0;

/// How time is laid out.
struct Scale {
    whole: Duration,
}

impl Scale {
    fn of(report: &Report) -> Self {
        // A step that was left at its limit may have ended after the whole, as far as that was known.
        let ends = report
            .leaves()
            .filter_map(|step| Some(step.started? + step.took));
        let whole = ends.max().unwrap_or_default().max(report.total);
        Self {
            whole: whole.max(Duration::from_micros(1)),
        }
    }

    fn x(&self, at: Duration) -> f64 {
        let part = at.as_secs_f64() / self.whole.as_secs_f64();
        LEFT + part.min(1.0) * (RIGHT - LEFT)
    }

    /// Round times, at most six.
    fn ticks(&self) -> Vec<Duration> {
        let whole = self.whole.as_secs_f64();
        let rough = whole / 5.0;
        let magnitude = 10_f64.powf(rough.log10().floor());
        let steps = [1.0, 2.0, 5.0, 10.0].map(|step| step * magnitude);
        let step = steps.into_iter().find(|step| *step >= rough);
        let step = step.unwrap_or(rough);
        (0..=5)
            .map(|tick| f64::from(tick) * step)
            .filter(|at| *at <= whole)
            .map(Duration::from_secs_f64)
            .collect()
    }
}

/// The class that its colour hangs on.
fn class(bar: &Bar<'_>) -> &'static str {
    match bar.step.outcome {
        Outcome::Closed | Outcome::Skipped => "clean",
        Outcome::NotStarted => "never",
        _ => "unclean",
    }
}

/// The whole picture.
pub(super) fn svg(report: &Report, bars: &[Bar<'_>], out: &mut String) -> fmt::Result {
    let scale = Scale::of(report);
    let rows = u32::try_from(bars.len()).unwrap_or(u32::MAX);
    let height = AXIS + f64::from(rows) * ROW;
    writeln!(
        out,
        r#"<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="timeline">"#
    )?;
    for tick in scale.ticks() {
        let x = scale.x(tick);
        writeln!(
            out,
            r#"<line class="tick" x1="{x:.1}" x2="{x:.1}" y1="{AXIS}" y2="{height}"/><text class="tick" x="{x:.1}" y="16" text-anchor="middle">{}</text>"#,
            Tick(tick)
        )?;
    }
    for (row, bar) in (0..rows).zip(bars) {
        draw(bar, AXIS + f64::from(row) * ROW, &scale, out)?;
    }
    writeln!(out, "</svg>")
}

fn draw(bar: &Bar<'_>, y: f64, scale: &Scale, out: &mut String) -> fmt::Result {
    let step = bar.step;
    let (top, baseline) = (y + (ROW - BAR) / 2.0, y + ROW / 2.0 + 4.5);
    let indent = bar.depth.min(4) * 10;
    let indent = f64::from(u32::try_from(indent).unwrap_or_default());
    let room = ((LEFT - 20.0 - indent) / CHARACTER).floor();
    writeln!(
        out,
        r#"<g class="{}"><title>{}</title><text x="{:.1}" y="{baseline}">{}</text>"#,
        class(bar),
        Escaped(&title(bar)),
        8.0 + indent,
        Escaped(&shortened(&step.name, room))
    )?;
    if let Some(started) = step.started {
        let (from, to) = (scale.x(started), scale.x(started + step.took));
        if let Some(limit) = step.limit {
            let end = scale.x(started + limit);
            writeln!(
                out,
                r#"<rect class="limit" x="{from:.1}" y="{top}" width="{:.1}" height="{BAR}" rx="3"/>"#,
                (end - from).max(LEAST)
            )?;
        }
        writeln!(
            out,
            r#"<rect class="bar" x="{from:.1}" y="{top}" width="{:.1}" height="{BAR}" rx="3"/>"#,
            (to - from).max(LEAST)
        )?;
    }
    let took = step.started.map(|_| format!("{}, ", Time(step.took)));
    writeln!(
        out,
        r#"<text class="word" x="{:.1}" y="{baseline}">{}{}</text></g>"#,
        RIGHT + 12.0,
        took.unwrap_or_default(),
        bar.word()
    )
}

/// What a mouse over it says.
fn title(bar: &Bar<'_>) -> String {
    let step = bar.step;
    let mut title = format!("{}: {}", step.name, bar.word());
    if let (Some(started), Some(limit)) = (step.started, step.limit) {
        // A string takes everything.
        let _ = write!(
            title,
            ", from {} on, {} of {}",
            Time(started),
            Time(step.took),
            Time(limit)
        );
    }
    title
}

/// A name that is too long loses its beginning, which it shares with others.
fn shortened(name: &str, room: f64) -> String {
    let length = u32::try_from(name.chars().count()).unwrap_or(u32::MAX);
    if f64::from(length) <= room {
        return name.to_owned();
    }
    let mut kept: Vec<char> = Vec::new();
    for (taken, c) in (1_u32..).zip(name.chars().rev()) {
        if f64::from(taken) >= room {
            break;
        }
        kept.push(c);
    }
    kept.push('…');
    kept.into_iter().rev().collect()
}

/// A round time, without the zeros behind it.
struct Tick(Duration);

impl fmt::Display for Tick {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // To a nanosecond: what is round in decimals is not in binary.
        let rounded = |value: f64| (value * 1e6).round() / 1e6;
        let seconds = self.0.as_secs_f64();
        match self.0.as_micros() {
            0 => f.write_str("0"),
            1..1_000 => write!(f, "{} µs", rounded(seconds * 1e6)),
            1_000..1_000_000 => write!(f, "{} ms", rounded(seconds * 1e3)),
            _ => write!(f, "{} s", rounded(seconds)),
        }
    }
}
