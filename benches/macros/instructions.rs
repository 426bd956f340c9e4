//! How many instructions rustc carries out: cargo is told to call this program in its place, which calls it under
//! `valgrind`.

use crate::package::{Package, Result};
use std::ffi::OsString;
use std::io::ErrorKind;
use std::process::{Command, ExitCode};
use std::{env, fs};

/// The file that valgrind writes its count into; set where this program is called for rustc.
const COUNT: &str = "GRACEFUL_BENCH_COUNT";

/// Does what rustc is called for, where this is what cargo calls.
pub(crate) fn as_rustc() -> Result<Option<ExitCode>> {
    let Some(count) = env::var_os(COUNT) else {
        return Ok(None);
    };
    let arguments: Vec<_> = env::args_os().skip(1).collect();
    // Cargo asks for versions and names too.
    let compiles = arguments.iter().any(|argument| {
        let argument = argument.to_string_lossy();
        argument.starts_with("--emit")
    });
    let mut rustc = if compiles {
        let mut valgrind = Command::new("valgrind");
        valgrind.args(["--tool=cachegrind", "--cache-sim=no"]);
        valgrind.arg("--cachegrind-out-file=/dev/null");
        let mut log = OsString::from("--log-file=");
        log.push(count);
        valgrind.arg(log).args(arguments);
        valgrind
    } else {
        let (rustc, rest) = arguments.split_first().ok_or("cargo names rustc")?;
        let mut rustc = Command::new(rustc);
        rustc.args(rest);
        rustc
    };
    let status = rustc.status()?;
    Ok(Some(match status.code() {
        Some(0) => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }))
}

pub(crate) fn of_check(package: &Package, name: &str) -> Result<u64> {
    if let Err(error) = Command::new("valgrind").arg("--version").output() {
        return Err(match error.kind() {
            ErrorKind::NotFound => "instructions are counted by `valgrind`: install it".into(),
            _ => error.into(),
        });
    }
    let log = package.folder().join("count");
    package.check_with(name, |cargo| {
        cargo
            .env("RUSTC_WORKSPACE_WRAPPER", env::current_exe()?)
            .env(COUNT, &log);
        Ok(())
    })?;
    let text = fs::read_to_string(&log)?;
    let count = text.lines().find(|line| line.contains("refs:"));
    let digits = count.and_then(|line| line.rsplit(' ').next());
    let digits = digits.ok_or_else(|| format!("valgrind said: {text}"))?;
    Ok(digits.replace(',', "").parse()?)
}
