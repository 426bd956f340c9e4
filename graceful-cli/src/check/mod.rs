//! `cargo graceful check`: hand-written manifests against the program's plan.

mod command;
mod compose;
mod dockerfile;
mod finding;
mod kubernetes;
mod probes;
mod systemd;
mod terms;
mod yaml;

use crate::plan::{Facts, PlanSource};
use anyhow::{Context as _, bail};
use clap::{Args, ValueEnum};
use finding::Finding;
use serde::Serialize;
use std::fs;
use std::path::{Path, PathBuf};
use yaml::Node;

#[derive(Debug, Args)]
#[command(after_help = "\
Exit code: 0 where nothing is found, 1 where something is, 2 where a file or the plan can't be read.

Example:
  cargo graceful check --program ./target/release/orders deploy/*.yaml Dockerfile")]
pub(crate) struct Options {
    #[command(flatten)]
    source: PlanSource,
    /// The container (Kubernetes) or service (Compose) that is the program. Default: the first container; the only
    /// service, or the only one that is built
    #[arg(long, value_name = "NAME")]
    service: Option<String>,
    /// How findings are printed
    #[arg(long, default_value = "text")]
    format: Format,
    /// Kubernetes manifests and Compose files (.yaml, .yml), units (.service) and Dockerfiles
    #[arg(required = true)]
    files: Vec<PathBuf>,
}

/// How findings are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// As compilers do: file, line and column, what is wrong, and what to do
    Text,
    /// A list of objects, for programs
    Json,
}

/// A finding with the file that it is in.
#[derive(Serialize)]
struct InFile<'a> {
    file: String,
    #[serde(flatten)]
    finding: &'a Finding,
}

/// Whether nothing was found. What was is printed.
pub(crate) fn run(options: &Options) -> anyhow::Result<bool> {
    let facts = options.source.facts()?;
    let mut all = Vec::new();
    for file in &options.files {
        let text = fs::read_to_string(file).with_context(|| file.display().to_string())?;
        let found = check(file, &text, &facts, options.service.as_deref());
        let mut found = found.with_context(|| file.display().to_string())?;
        found.sort();
        all.push((file.display().to_string(), found));
    }
    let findings = all
        .iter()
        .flat_map(|(file, found)| found.iter().map(move |it| (file, it)));
    match options.format {
        Format::Text => findings.for_each(|(file, finding)| println!("{file}:{finding}")),
        Format::Json => {
            let all: Vec<_> = findings
                .map(|(file, finding)| InFile {
                    file: file.clone(),
                    finding,
                })
                .collect();
            println!("{}", serde_json::to_string_pretty(&all)?);
        }
    }
    Ok(all.iter().all(|(_, found)| found.is_empty()))
}

fn check(
    file: &Path,
    text: &str,
    facts: &Facts,
    service: Option<&str>,
) -> anyhow::Result<Vec<Finding>> {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let extension = file.extension().unwrap_or_default().to_string_lossy();
    let is_dockerfile =
        |part: &str| ["dockerfile", "containerfile"].contains(&&*part.to_lowercase());
    match &*extension {
        "yaml" | "yml" => yaml_file(text, facts, service),
        "service" => Ok(systemd::check(text, facts)),
        _ if name.split('.').any(is_dockerfile) => dockerfile::check(text, facts),
        _ => bail!("it is no YAML, no unit (.service) and no Dockerfile, by its name"),
    }
}

fn yaml_file(text: &str, facts: &Facts, service: Option<&str>) -> anyhow::Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for document in &yaml::documents(text)? {
        let document = Node::new(document);
        if document.get("services").is_some() {
            findings.extend(compose::check(document, facts, service)?);
        } else {
            findings.extend(kubernetes::check(document, facts, service));
        }
    }
    Ok(findings)
}
