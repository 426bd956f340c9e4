//! The command line.

use crate::{check, manifest, rehearse};
use clap::{Parser, Subcommand};
use std::ffi::OsString;

/// Operations of services that stop well: manifests from a program's plan, checks of hand-written ones, and a
/// rehearsal of the stop of any program.
#[derive(Debug, Parser)]
#[command(name = "cargo graceful", bin_name = "cargo graceful", version)]
pub(crate) struct Cargo {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Print what the platform must be told, from the program's own plan
    Manifest(manifest::Options),
    /// Check manifests, units and Dockerfiles against the program's own plan
    Check(check::Options),
    /// Run a program as a platform would, under load, stop it, and say whether it stopped well
    Rehearse(Box<rehearse::Options>),
}

/// Cargo hands `graceful` on as the first argument; called by itself there is none.
pub(crate) fn without_subcommand(
    arguments: impl Iterator<Item = OsString>,
) -> impl Iterator<Item = OsString> {
    let is_subcommand = |(at, argument): &(usize, OsString)| *at == 1 && argument == "graceful";
    let arguments = arguments.enumerate().filter(move |it| !is_subcommand(it));
    arguments.map(|(_, argument)| argument)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_well_formed() {
        Cargo::command().debug_assert();
    }

    #[test]
    fn it_is_called_by_cargo_and_by_itself() {
        let parse = |words: &[&str]| {
            let words = words.iter().map(OsString::from);
            Cargo::try_parse_from(without_subcommand(words)).unwrap()
        };
        for words in [
            &["cargo-graceful", "graceful", "rehearse", "--", "true"][..],
            &["cargo-graceful", "rehearse", "--", "true"],
        ] {
            let Command::Rehearse(options) = parse(words).command else {
                panic!("another command");
            };
            assert_eq!(options.command, ["true"]);
        }
    }
}
