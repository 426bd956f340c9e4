//! `cargo graceful`: what the platform must be told, whether it was told right, and whether a program stops well.

// They panic where the reader is gone.
#![cfg_attr(not(test), warn(clippy::print_stdout, clippy::print_stderr))]

mod args;
mod check;
mod manifest;
mod output;
mod plan;
#[cfg(target_os = "linux")]
mod rehearse;

use clap::Parser as _;
use std::process::ExitCode;

/// A bound is broken, or a file has a mistake.
const FOUND: u8 = 1;

/// It could not be found out: a program that does not start, a file that is not there. What clap ends with, too.
const FAILED: u8 = 2;

fn main() -> ExitCode {
    let arguments = args::Cargo::parse_from(args::without_subcommand(std::env::args_os()));
    let found = match arguments.command {
        args::Command::Check(options) => check::run(&options),
        args::Command::Manifest(options) => manifest::run(&options),
        #[cfg(target_os = "linux")]
        args::Command::Rehearse(options) => rehearse::run(&options),
    };
    match found {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => FOUND.into(),
        Err(error) => {
            output::note(&format!("error: {error:#}"));
            FAILED.into()
        }
    }
}
