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

use crate::output::print;
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
Exit code: 0 where nothing is found, 1 where something is, 2 where a file or the plan can't be read, and where the
program is in none of the files.

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
    let (mut looked_at, mut others) = (Vec::new(), Vec::new());
    for file in &options.files {
        let name = || file.display().to_string();
        let text = fs::read_to_string(file).with_context(name)?;
        let found = check(file, &text, &facts, options.service.as_deref());
        match found.with_context(name)? {
            Some(mut found) => {
                found.sort();
                looked_at.push((file, found));
            }
            None => others.push(name()),
        }
    }
    find_program(options.service.as_deref(), &looked_at, &others)?;
    let findings = looked_at
        .iter()
        .flat_map(|(file, found)| found.iter().map(move |it| (file.display(), it)));
    let result = match options.format {
        Format::Text => findings
            .map(|(file, finding)| format!("{file}:{finding}\n"))
            .collect::<Vec<_>>()
            .concat(),
        Format::Json => {
            let all: Vec<_> = findings
                .map(|(file, finding)| InFile {
                    file: file.to_string(),
                    finding,
                })
                .collect();
            serde_json::to_string_pretty(&all)? + "\n"
        }
    };
    print(&result)?;
    Ok(looked_at.iter().all(|(_, found)| found.is_empty()))
}

/// Fails where no file runs the program: to have looked at nothing is not to have found nothing.
fn find_program(
    service: Option<&str>,
    looked_at: &[(&PathBuf, Vec<Finding>)],
    others: &[String],
) -> anyhow::Result<()> {
    // A unit or a Dockerfile has one program, and no name for it.
    let is_found = looked_at
        .iter()
        .any(|(file, _)| service.is_none() || is_yaml(file));
    if is_found || others.is_empty() {
        return Ok(());
    }
    let others = others.join(", ");
    match service {
        Some(name) => bail!("there is no container and no service called `{name}` in {others}"),
        None => {
            bail!(
                "there is no program in any of these: no pod, Compose service or `[Service]` in {others}"
            )
        }
    }
}

fn is_yaml(file: &Path) -> bool {
    let extension = file.extension().unwrap_or_default();
    extension == "yaml" || extension == "yml"
}

/// The findings of one file; none where nothing in it runs the program.
fn check(
    file: &Path,
    text: &str,
    facts: &Facts,
    service: Option<&str>,
) -> anyhow::Result<Option<Vec<Finding>>> {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let is_dockerfile =
        |part: &str| ["dockerfile", "containerfile"].contains(&&*part.to_lowercase());
    if is_yaml(file) {
        yaml_file(text, facts, service)
    } else if file.extension().unwrap_or_default() == "service" {
        Ok(systemd::check(text, facts))
    } else if name.split('.').any(is_dockerfile) {
        dockerfile::check(text, facts).map(Some)
    } else {
        bail!("it is no YAML, no unit (.service) and no Dockerfile, by its name")
    }
}

fn yaml_file(
    text: &str,
    facts: &Facts,
    service: Option<&str>,
) -> anyhow::Result<Option<Vec<Finding>>> {
    let mut findings = None;
    for document in &yaml::documents(text)? {
        let document = Node::new(document);
        let found = if document.get("services").is_some() {
            compose::check(document, facts, service)?
        } else {
            kubernetes::check(document, facts, service)
        };
        if let Some(found) = found {
            findings.get_or_insert_with(Vec::new).extend(found);
        }
    }
    Ok(findings)
}
