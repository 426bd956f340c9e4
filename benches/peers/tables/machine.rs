//! What it was measured on, and with which versions.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use std::process::Command;

/// A thousand connections have two ends.
pub(crate) fn raise_open_files() {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: limit.maximum,
        maximum: limit.maximum,
    };
    // Where it is refused, what needs more files says so.
    let _ = setrlimit(Resource::Nofile, raised);
}

/// A sentence for the head of the results.
pub(crate) fn describe() -> String {
    let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let cpu = cpu.lines().find_map(|line| line.strip_prefix("model name"));
    let cpu = cpu.and_then(|line| line.split(": ").nth(1));
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    format!(
        "{processors} processors ({}), Linux {}, {}.",
        cpu.unwrap_or("unknown"),
        kernel(),
        compiler(),
    )
}

/// Major and minor: the rest is the distributor's.
fn kernel() -> String {
    let name = rustix::system::uname();
    let release = name.release().to_string_lossy();
    let numbers: Vec<&str> = release.split('.').take(2).collect();
    numbers.join(".")
}

fn compiler() -> String {
    let asked = Command::new("rustc").arg("--version").output();
    let version = asked.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    let version = version.unwrap_or_default();
    version.split(" (").next().unwrap_or_default().to_owned()
}

/// How busy it is, of the last minute.
pub(crate) fn load() -> String {
    let average = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    average.split(' ').next().unwrap_or_default().to_owned()
}

/// The versions of what is measured, from the lock file.
pub(crate) fn versions() -> String {
    const NAMES: [&str; 11] = [
        "graceful-app",
        "tokio",
        "tokio-util",
        "tokio-graceful",
        "tokio-graceful-shutdown",
        "async-shutdown",
        "elegant-departure",
        "swansong",
        "hyper",
        "hyper-util",
        "axum",
    ];

    let lock = include_str!("../Cargo.lock");
    let version = |name: &str| {
        let package = lock.split("[[package]]").find_map(|package| {
            let package = package.strip_prefix(&format!("\nname = \"{name}\"\nversion = \""))?;
            package.split('"').next()
        });
        format!("{name} {}", package.unwrap_or("?"))
    };
    format!("{}.", NAMES.map(version).join(", "))
}
