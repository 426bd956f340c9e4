//! A package of programs that are checked or built, all in one run of cargo.
//!
//! What they depend on is most of what they take. So it is the same for all that can have it so: one resolver, whatever
//! the edition, the same features of all that is not ours, and the macros from the folder that `trybuild` has them in.

use serde_json::Value;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::{env, fs};

pub(crate) struct Package {
    folder: PathBuf,
    manifest: String,
    /// Of the environment of what is built, in a target folder of its own.
    variables: Vec<(&'static str, String)>,
}

impl Package {
    /// With all that the programs on file use.
    pub(crate) fn new(name: &str, edition: &str) -> Self {
        Self::renamed(name, edition, "graceful")
    }

    /// Where we have another name.
    pub(crate) fn renamed(name: &str, edition: &str, graceful: &str) -> Self {
        let features = ["macros", "rt-multi-thread", "serde", "test-util"];
        Self::with_features(name, edition, graceful, &features)
    }

    pub(crate) fn with_features(
        name: &str,
        edition: &str,
        graceful: &str,
        features: &[&str],
    ) -> Self {
        let mut package = Self::of_tokio(name, edition, graceful, features);
        package.depends_on(r#"tokio-util = { version = "0.7", features = ["rt"] }"#);
        package.depends_on(r#"serde = { version = "1", features = ["derive"] }"#);
        let tracing = r#"{ version = "0.1", default-features = false, features = ["attributes"] }"#;
        package.depends_on(&format!("tracing = {tracing}"));
        package
    }

    /// With us and tokio alone.
    pub(crate) fn of_tokio(name: &str, edition: &str, graceful: &str, features: &[&str]) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(&folder).unwrap();
        let ours = ours(features);
        let manifest = format!(
            r#"
            [workspace]
            resolver = "3"

            [package]
            name = "{name}"
            edition = "{edition}"

            [dependencies]
            {graceful} = {{ {ours} }}
            tokio = {{ version = "1", features = ["macros", "process", "rt-multi-thread", "test-util"] }}
            "#
        );
        Self {
            folder,
            manifest,
            variables: Vec::new(),
        }
    }

    pub(crate) fn with(mut self, variable: &'static str, value: impl Into<String>) -> Self {
        self.variables.push((variable, value.into()));
        self
    }

    /// A line of its manifest, before the first program is added.
    pub(crate) fn depends_on(&mut self, dependency: &str) {
        writeln!(self.manifest, "{dependency}").unwrap();
    }

    pub(crate) fn program(&mut self, name: &str, path: &Path) {
        let path = path.display();
        writeln!(self.manifest, "[[bin]]\nname = '{name}'\npath = '{path}'").unwrap();
    }

    pub(crate) fn text(&mut self, name: &str, text: &str) {
        let path = self.folder.join(name).with_extension("rs");
        fs::write(&path, text).unwrap();
        self.program(name, &path);
    }

    /// Groups that are on wherever a program does not say otherwise.
    pub(crate) fn lints(&mut self, tool: &str, groups: &[&str]) {
        writeln!(self.manifest, "[lints.{tool}]").unwrap();
        for group in groups {
            writeln!(
                self.manifest,
                "{group} = {{ level = 'warn', priority = -1 }}"
            )
            .unwrap();
        }
    }

    pub(crate) fn cargo(&self, arguments: &[&str]) -> Output {
        fs::write(self.folder.join("Cargo.toml"), &self.manifest).unwrap();
        let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.lock");
        fs::copy(lock, self.folder.join("Cargo.lock")).unwrap();
        // What stands behind `--` is not cargo's.
        let (command, rest) = arguments.split_first().unwrap();
        let mut cargo = Command::new(env!("CARGO"));
        cargo
            .arg(command)
            .args(["--offline", "--quiet"])
            // As `trybuild` has it: what is built for this machine is apart then, and the same for both.
            .args(["--target", &host()])
            .args(rest)
            .current_dir(&self.folder);
        cargo.env("CARGO_TARGET_DIR", self.target());
        cargo.env("CARGO_INCREMENTAL", "0");
        cargo.envs(self.variables.iter().cloned()).output().unwrap()
    }

    fn target(&self) -> PathBuf {
        if self.variables.is_empty() {
            Path::new(env!("CARGO_TARGET_TMPDIR")).join("../tests/trybuild")
        } else {
            self.folder.join("target")
        }
    }

    pub(crate) fn must_be_silent(&self) {
        self.in_silence(&["check"]);
    }

    /// Builds them all: the folder with the binaries.
    pub(crate) fn build(&self) -> PathBuf {
        self.in_silence(&["build"]);
        self.target().join(host()).join("debug")
    }

    fn in_silence(&self, arguments: &[&str]) {
        let output = self.cargo(&[arguments, &["--message-format=short"]].concat());
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success() && said.is_empty(), "{said}");
    }

    /// What the compiler says, each with the name of its program.
    pub(crate) fn messages(&self, arguments: &[&str]) -> Vec<(String, Value)> {
        let (command, arguments) = arguments.split_first().unwrap();
        let json: &[_] = &[command, "--keep-going", "--message-format=json"];
        let arguments = [json, arguments].concat();
        let output = String::from_utf8(self.cargo(&arguments).stdout).unwrap();
        let messages = output
            .lines()
            .map(|line| serde_json::from_str(line).unwrap());
        messages
            .filter(|message: &Value| message["reason"] == "compiler-message")
            .map(|mut message| {
                let name = message["target"]["name"].as_str().unwrap().to_owned();
                (name, message["message"].take())
            })
            .collect()
    }
}

/// What this machine is to the compiler.
fn host() -> String {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc)
        .args(["--print", "host-tuple"])
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn ours(features: &[&str]) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let root = root.display();
    format!(
        r#"package = "graceful-app", path = '{root}', default-features = false, features = {features:?}"#
    )
}
