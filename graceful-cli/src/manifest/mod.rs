//! `cargo graceful manifest`: what the platform must be told, from the program's own plan.

mod compose;
mod dockerfile;
mod kubernetes;
mod service;
mod systemd;
mod waits;

use crate::output::print;
use crate::plan::PlanSource;
use clap::{Args, ValueEnum};
use service::Service;

#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  cargo graceful manifest kubernetes --program ./target/release/orders --name orders --image registry.example/orders:1.4")]
pub(crate) struct Options {
    /// The platform
    platform: Platform,
    #[command(flatten)]
    source: PlanSource,
    #[command(flatten)]
    service: Service,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Platform {
    /// A Deployment and its Service
    Kubernetes,
    /// A service of a Compose file
    Compose,
    /// A unit
    Systemd,
    /// A Dockerfile
    Dockerfile,
}

/// Prints it.
pub(crate) fn run(options: &Options) -> anyhow::Result<bool> {
    let facts = options.source.facts()?;
    let service = &options.service;
    let text = match options.platform {
        Platform::Kubernetes => kubernetes::manifest(service, &facts),
        Platform::Compose => compose::manifest(service, &facts),
        Platform::Systemd => systemd::unit(service, &facts),
        Platform::Dockerfile => dockerfile::dockerfile(service, &facts),
    };
    print(&text)?;
    Ok(true)
}
