//! The commands of a page: what stands in its blocks of `sh`, and what is written as a command in its text.

use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process;
use std::sync::OnceLock;

/// One line, as it is typed.
#[derive(Debug)]
pub(crate) struct Command {
    pub(crate) line: String,
}

/// Those of a page, from top to bottom; what is said behind a `#` is no part of one.
pub(crate) fn of_page(page: &str) -> Vec<Command> {
    let mut commands = Vec::new();
    // Outside of a block, inside of one, and so on.
    for (number, part) in page.split("```").enumerate() {
        if number % 2 == 0 {
            let code = part.split('`').skip(1).step_by(2);
            commands.extend(code.filter(|code| is_command(code)).map(as_typed));
        } else if let Some(block) = part.strip_prefix("sh\n") {
            commands.extend(block.lines().filter(|line| !line.is_empty()).map(as_typed));
        }
    }
    commands
}

/// Those that an example says at its top.
pub(crate) fn of_comments(source: &str) -> Vec<Command> {
    let comments = source.lines().filter_map(|line| line.strip_prefix("//!"));
    of_page(&comments.collect::<Vec<_>>().join("\n"))
}

fn is_command(code: &str) -> bool {
    ["cargo run ", "cargo test ", "cargo bench "]
        .iter()
        .any(|command| code.contains(command))
}

fn as_typed(line: &str) -> Command {
    let line = line.split_once(" #").map_or(line, |(line, _)| line);
    Command {
        line: line.trim().to_owned(),
    }
}

/// One `cargo run`, `cargo test` or `cargo bench`.
#[derive(Debug, Default)]
pub(crate) struct Run {
    /// As it stands in the line, without what is meant for the program.
    pub(crate) text: String,
    package: Option<String>,
    program: Option<String>,
    features: Vec<String>,
    /// Parts of the names of tests.
    filters: Vec<String>,
}

impl Run {
    /// The file that it runs, below the folder of what is built.
    pub(crate) fn program(&self) -> Option<&str> {
        self.program.as_deref().or(self.package.as_deref())
    }

    pub(crate) fn assert_there(&self) {
        let name = self.package.as_deref().unwrap_or("graceful-app");
        let packages = metadata()["packages"].as_array().unwrap();
        let package = packages.iter().find(|package| package["name"] == name);
        let package = package.unwrap_or_else(|| panic!("there is no package {name}"));
        for feature in &self.features {
            assert!(
                !package["features"][feature].is_null(),
                "{name} has no feature {feature}"
            );
        }
        if let Some(program) = &self.program {
            let program = program.trim_start_matches("examples/");
            let targets = package["targets"].as_array().unwrap();
            assert!(
                targets.iter().any(|target| target["name"] == program),
                "{name} has no {program}"
            );
        }
        let manifest = Path::new(package["manifest_path"].as_str().unwrap());
        for filter in &self.filters {
            let mut parts = filter.split("::");
            assert!(
                parts.all(|part| names(manifest.parent().unwrap(), part)),
                "{name} has no test {filter}: {}",
                self.text
            );
        }
    }
}

/// Whether a source below this folder has these words, in its name or in what stands in it.
fn names(folder: &Path, words: &str) -> bool {
    let entries = folder.read_dir().unwrap();
    let mut paths = entries.map(|entry| entry.unwrap().path());
    paths.any(|path| {
        if path.is_dir() {
            return names(&path, words);
        }
        let is_source = path.extension().is_some_and(|it| it == "rs");
        let is_called_so = || path.to_str().unwrap().contains(words);
        is_source && (is_called_so() || fs::read_to_string(&path).unwrap().contains(words))
    })
}

/// What a line gives to cargo.
pub(crate) fn runs(line: &str) -> Vec<Run> {
    let words: Vec<_> = line.split_whitespace().collect();
    let starts = words.windows(2).enumerate();
    let starts = starts
        .filter(|(_, words)| words[0] == "cargo" && ["run", "test", "bench"].contains(&words[1]));
    starts.map(|(at, _)| run(&words[at..])).collect()
}

fn run(words: &[&str]) -> Run {
    let words = words.split(|word| *word == "|").next().unwrap_or_default();
    let (own, behind) = match words.iter().position(|word| *word == "--") {
        Some(at) => words.split_at(at),
        None => (words, &[][..]),
    };
    let mut run = Run {
        text: [own, &behind[..behind.len().min(1)]].concat().join(" "),
        ..Run::default()
    };
    let is_test = own[1] == "test";
    let mut own = own[2..].iter();
    while let Some(word) = own.next() {
        let mut value = || (*own.next().expect("an option has a value")).to_owned();
        match *word {
            "-p" => run.package = Some(value()),
            "--bin" | "--test" | "--bench" => run.program = Some(value()),
            "--example" => run.program = Some(format!("examples/{}", value())),
            "--features" => run.features = value().split(',').map(str::to_owned).collect(),
            "--all-features" | "--lib" | "--quiet" | "--release" | "--workspace" => {}
            other if other.starts_with('-') => panic!("what is {other}?"),
            filter => run.filters.push(filter.to_owned()),
        }
    }
    // Of a test program; any other has arguments of its own.
    let mut behind = behind.iter().skip(1).filter(|_| is_test);
    while let Some(word) = behind.next() {
        match *word {
            "--test-threads" => drop(behind.next()),
            option if option.starts_with('-') => {}
            filter => run.filters.push(filter.to_owned()),
        }
    }
    run
}

fn metadata() -> &'static Value {
    static METADATA: OnceLock<Value> = OnceLock::new();

    METADATA.get_or_init(|| {
        let output = process::Command::new(env!("CARGO"))
            .args([
                "metadata",
                "--offline",
                "--no-deps",
                "--format-version",
                "1",
            ])
            .current_dir(super::root())
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        serde_json::from_slice(&output.stdout).unwrap()
    })
}
