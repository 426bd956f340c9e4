//! A folder, a network and a shell, in which a line is typed as it is written.

use crate::readmes::SERVICES;
use crate::readmes::commands::{Command, Run, runs};
use crate::readmes::network::Network;
use graceful::testing::{Process, Program};
use std::path::PathBuf;
use std::process;
use std::time::Duration;
use tempfile::TempDir;

/// Nothing takes this long, not even where other builds keep the machine.
const LOST: Duration = Duration::from_secs(45);

pub(crate) struct Terminal {
    folder: TempDir,
    network: Network,
    built: PathBuf,
}

impl Terminal {
    /// None where `program` is not built, nor are its siblings then.
    pub(crate) fn open(program: &str) -> Option<Self> {
        // target/debug/deps/readmes-…
        let this = std::env::current_exe().unwrap();
        let built = this.parent().and_then(|deps| deps.parent()).unwrap();
        let folder = tempfile::tempdir().unwrap();
        // As in a clone that has been built.
        std::fs::create_dir(folder.path().join("target")).unwrap();
        built.join(program).exists().then(|| Self {
            folder,
            network: Network::new(),
            built: built.to_owned(),
        })
    }

    /// Whether it runs until it is stopped, and others talk to it.
    pub(crate) fn is_service(command: &Command) -> bool {
        let runs = runs(&command.line);
        let program = runs.first().and_then(Run::program);
        program.is_some_and(|program| SERVICES.contains(&program) || program.ends_with("-host"))
    }

    /// Starts it in a shell. In place of `cargo run` stands what that would run, which is built already: cargo would build it
    /// anew, with other features of its dependencies than the tests have.
    pub(crate) fn run(&self, command: &Command) -> Process {
        let mut line = command.line.clone();
        for run in runs(&command.line) {
            let program = run.program().expect("it runs something");
            let file = self.built.join(program);
            line = line.replacen(&run.text, file.to_str().unwrap(), 1);
        }
        let mut words = self.network.enter();
        // The shell gives way to the last thing that it is to do, and so the signal goes to that.
        words.extend(["bash", "-c", &line].map(str::to_owned));
        let mut shell = process::Command::new(&words[0]);
        shell
            .args(&words[1..])
            .current_dir(self.folder.path())
            // What it saves for its next run is not there for that of another test.
            .env("TMPDIR", self.folder.path())
            .env("NO_COLOR", "1");
        Program::from(shell).patience(LOST).start()
    }
}
