//! `cargo graceful rehearse`: runs any program as a platform would, and says whether it stops well.

mod bounds;
mod load;
mod options;
mod output;
mod processes;
mod program;
mod ready;
mod report;
mod run;
mod table;
mod throttle;

use crate::output::{note, print};
use anyhow::Context as _;
use options::{Format, Kind};
use report::Report;
use serde::Serialize;
use std::io::IsTerminal as _;
use std::time::Duration;
use table::Table;
use tokio::signal::unix::{SignalKind, signal};

pub(crate) use options::Options;

/// Who was there when the signal came.
#[derive(Serialize)]
struct Clients<'a> {
    url: Option<String>,
    load: &'a [options::Connections],
    rate: u32,
    before_seconds: f64,
    ready: Option<String>,
    slow: Option<String>,
    events: Option<String>,
    websocket: Option<String>,
}

impl<'a> Clients<'a> {
    fn of(options: &'a Options) -> Self {
        let text = |uri: &Option<hyper::Uri>| uri.as_ref().map(ToString::to_string);
        Self {
            url: text(&options.url),
            load: &options.load,
            rate: options.rate,
            before_seconds: options.before.as_secs_f64(),
            ready: options.readiness().map(|ready| ready.to_string()),
            slow: text(&options.slow),
            events: text(&options.events),
            websocket: text(&options.websocket),
        }
    }
}

/// What is printed as JSON.
#[derive(Serialize)]
struct Rehearsal<'a> {
    command: Vec<String>,
    signal: String,
    clients: Clients<'a>,
    bounds: &'a options::Bounds,
    runs: &'a [Report],
    passed: bool,
}

/// Whether every bound held in every run. The result is printed.
pub(crate) fn run(options: &Options) -> anyhow::Result<bool> {
    processes::adopt_orphans()?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let reports = runtime.block_on(async {
        // Before there is a program that would be left behind.
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut terminate = signal(SignalKind::terminate())?;
        let interrupted = || Err(anyhow::anyhow!("it was interrupted"));
        tokio::select! {
            reports = rehearse(options) => reports,
            _ = interrupt.recv() => interrupted(),
            _ = terminate.recv() => interrupted(),
        }
    });
    if reports.is_err() {
        // A rehearsal that breaks off leaves nothing behind: the program is in a process group of its own.
        processes::end(&processes::left());
    }
    let reports = reports?;
    let passed = reports.iter().all(|report| report.broken.is_empty());
    match options.format {
        Format::Table => {
            print(&Table(&reports).to_string())?;
            if options.url.is_none() {
                note(
                    "note: no request was sent, since there is no --url: what clients see was not looked at",
                );
            }
        }
        Format::Json => {
            let words = options.command.iter();
            let rehearsal = Rehearsal {
                command: words
                    .map(|word| word.to_string_lossy().into_owned())
                    .collect(),
                signal: options.signal.to_string(),
                clients: Clients::of(options),
                bounds: &options.bounds,
                runs: &reports,
                passed,
            };
            print(&(serde_json::to_string_pretty(&rehearsal)? + "\n"))?;
        }
    }
    Ok(passed)
}

async fn rehearse(options: &Options) -> anyhow::Result<Vec<Report>> {
    let mut reports = Vec::new();
    let mut starts_in = None;
    for round in 1..=options.repeat {
        for &kind in &options.runs {
            // A run may take as long as its grace period.
            if std::io::stderr().is_terminal() {
                note(&format!("{kind} ({round} of {}) …", options.repeat));
            }
            let report = run::run(kind, options, starts_in).await;
            let mut report = report.with_context(|| format!("the run `{kind}`"))?;
            if let (Kind::Plain, Some(reason)) = (kind, &report.not_ready) {
                anyhow::bail!("the program can't be rehearsed: {reason}");
            }
            starts_in = starts_in.or(report.ready_seconds.map(Duration::from_secs_f64));
            report.broken = bounds::broken(&report, &options.bounds, options.signal);
            reports.push(report);
        }
    }
    Ok(reports)
}
