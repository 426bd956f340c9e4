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

use anyhow::Context as _;
use options::{Format, Kind};
use report::Report;
use serde::Serialize;
use std::time::Duration;
use table::Table;

pub(crate) use options::Options;

/// What is printed as JSON.
#[derive(Serialize)]
struct Rehearsal<'a> {
    command: Vec<String>,
    signal: String,
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
    let reports = runtime.block_on(rehearse(options))?;
    let passed = reports.iter().all(|report| report.broken.is_empty());
    match options.format {
        Format::Table => print!("{}", Table(&reports)),
        Format::Json => {
            let words = options.command.iter();
            let rehearsal = Rehearsal {
                command: words
                    .map(|word| word.to_string_lossy().into_owned())
                    .collect(),
                signal: options.signal.to_string(),
                bounds: &options.bounds,
                runs: &reports,
                passed,
            };
            println!("{}", serde_json::to_string_pretty(&rehearsal)?);
        }
    }
    Ok(passed)
}

async fn rehearse(options: &Options) -> anyhow::Result<Vec<Report>> {
    let mut reports = Vec::new();
    let mut starts_in = None;
    for _ in 0..options.repeat {
        for &kind in &options.runs {
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
