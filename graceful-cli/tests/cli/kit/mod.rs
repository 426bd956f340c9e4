//! A rehearsal as a test runs it.

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

// The same for all tests whose servers are told which port to take: one source.
#[path = "../../../../tests/clients/kit/ports.rs"]
mod ports;

pub(crate) use ports::free_port;

/// What is built beside this program; none where it is not.
pub(crate) fn built(name: &str) -> Option<PathBuf> {
    let programs = Path::new(env!("CARGO_BIN_EXE_cargo-graceful")).parent()?;
    let program = programs.join(name);
    program.exists().then_some(program)
}

/// What a rehearsal has found.
pub(crate) struct Rehearsal {
    pub(crate) json: Value,
    pub(crate) code: Option<i32>,
}

impl Rehearsal {
    pub(crate) fn of(variables: &[(&str, &str)], options: &[&str], program: &[&str]) -> Self {
        let output = Command::new(env!("CARGO_BIN_EXE_cargo-graceful"))
            .args([
                "graceful", "rehearse", "--format", "json", "--rate", "20", "--before", "300ms",
            ])
            .args(options)
            .arg("--")
            .args(program)
            .envs(variables.iter().copied())
            .output()
            .unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(!output.stdout.is_empty(), "{stderr}");
        Self {
            json: serde_json::from_slice(&output.stdout).unwrap(),
            code: output.status.code(),
        }
    }

    #[track_caller]
    pub(crate) fn assert_passed(&self) {
        let runs = self.json["runs"].as_array().unwrap().iter();
        let broken: Vec<_> = runs
            .filter(|run| run["broken"] != serde_json::json!([]))
            .collect();
        assert!(broken.is_empty(), "{broken:#?}");
        assert_eq!(self.json["passed"], true);
        assert_eq!(self.code, Some(0));
    }
}
