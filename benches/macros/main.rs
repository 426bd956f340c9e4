//! What the macros cost a build: `cargo check` of programs that differ in nothing else.
//!
//! By the clock, or with the argument `instructions` by what rustc carries out, which is the same on a busy machine:
//! that takes `valgrind`, and some minutes.

mod instructions;
mod package;
mod programs;

use package::{Package, Result};
use std::env;
use std::process::ExitCode;
use std::time::Duration;

const RUNS: usize = 15;

fn main() -> Result<ExitCode> {
    if let Some(code) = instructions::as_rustc()? {
        return Ok(code);
    }
    let package = Package::new()?;
    let programs = programs::all();
    for (name, text) in &programs {
        package.write(name, text)?;
        package.check(name)?;
    }
    let names = programs.iter().map(|(name, _)| *name);
    if env::args().any(|argument| argument == "instructions") {
        counted(&package, names)?;
    } else {
        timed(&package, names)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn timed(package: &Package, names: impl Iterator<Item = &'static str>) -> Result<()> {
    let mut least: Vec<_> = names.map(|name| (name, Duration::MAX)).collect();
    for _ in 0..RUNS {
        for (name, time) in &mut least {
            *time = package.check(name)?.min(*time);
        }
    }
    let empty = least[0].1;
    println!("| `cargo check`, the least of {RUNS} | less an empty program |");
    for (name, time) in least {
        let own = time.saturating_sub(empty);
        println!(
            "| {name}: {} ms | {} ms |",
            time.as_millis(),
            own.as_millis()
        );
    }
    Ok(())
}

fn counted(package: &Package, names: impl Iterator<Item = &'static str>) -> Result<()> {
    const MILLION: u64 = 1_000_000;
    let mut empty = None;
    println!("| millions of instructions of rustc | less an empty program |");
    for name in names {
        let count = instructions::of_check(package, name)?;
        let own = count.saturating_sub(*empty.get_or_insert(count));
        println!("| {name}: {} | {} |", count / MILLION, own / MILLION);
    }
    Ok(())
}
