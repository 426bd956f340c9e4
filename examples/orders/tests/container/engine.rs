//! The engine, asked by its own client, and Compose.

use super::image::Image;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Nothing takes this long; what does has failed.
const LOST: Duration = Duration::from_secs(90);

/// What the client prints.
#[track_caller]
pub(crate) fn docker<'a>(words: impl AsRef<[&'a str]>) -> String {
    let output = Command::new("docker").args(words.as_ref()).output();
    printed(&output.expect("docker's client is installed"))
}

#[track_caller]
fn printed(output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// A container by its id, removed with its last clone.
#[derive(Clone)]
pub(crate) struct Container {
    id: String,
    _removed: Arc<Removed>,
}

/// When dropped: one that runs is killed.
struct Removed(Vec<String>);

impl Drop for Removed {
    fn drop(&mut self) {
        let [program, words @ ..] = &self.0[..] else {
            return;
        };
        // A test that fails says why itself.
        drop(Command::new(program).args(words).output());
    }
}

/// How a container has ended.
#[derive(Debug)]
pub(crate) struct Stopped {
    pub(crate) took: Duration,
    pub(crate) exit_code: i32,
    pub(crate) out_of_memory: bool,
}

impl Container {
    pub(crate) fn run(image: &Image, options: &[String]) -> Self {
        let mut words = vec!["run", "--detach"];
        words.extend(options.iter().map(String::as_str));
        words.push(image.name());
        let id = docker(words);
        let removal = ["docker", "rm", "--force", "--volumes", &id].map(str::to_owned);
        Self {
            _removed: Arc::new(Removed(removal.into())),
            id,
        }
    }

    pub(crate) fn inspect(&self, format: &str) -> String {
        docker(["inspect", "--format", format, &self.id])
    }

    /// The name of the process that has the id 1 inside.
    pub(crate) fn first_process(&self) -> String {
        let first = self.inspect("{{.State.Pid}}");
        let processes = docker(["top", &self.id, "-o", "pid,comm"]);
        let line = processes.lines().find_map(|line| {
            let (pid, name) = line.trim().split_once(' ')?;
            (pid == first).then(|| name.trim().to_owned())
        });
        line.unwrap_or_default()
    }

    pub(crate) fn memory(&self) -> String {
        docker([
            "stats",
            "--no-stream",
            "--format",
            "{{.MemUsage}}",
            &self.id,
        ])
    }

    /// Until its output has a line that begins with these words.
    pub(crate) fn wait_for_line(&self, words: &str) {
        let began = Instant::now();
        loop {
            let output = docker(["logs", &self.id]);
            if output.lines().any(|line| line.starts_with(words)) {
                return;
            }
            assert!(began.elapsed() < LOST, "no line `{words}`: {output}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// `docker stop`, which kills after so long.
    pub(crate) fn stop(&self, limit: Duration) -> Stopped {
        let seconds = limit.as_secs().to_string();
        self.stopped_by(|| docker(["stop", "--time", &seconds, &self.id]))
    }

    fn stopped_by(&self, stop: impl FnOnce() -> String) -> Stopped {
        let began = Instant::now();
        stop();
        let took = began.elapsed();
        Stopped {
            took,
            exit_code: self.inspect("{{.State.ExitCode}}").parse().unwrap(),
            out_of_memory: self.inspect("{{.State.OOMKilled}}") == "true",
        }
    }
}

/// What Compose has started from the generated file.
pub(crate) struct Project {
    words: Vec<String>,
    container: Container,
    _override: tempfile::NamedTempFile,
}

impl Project {
    /// Up, and healthy. What a test has to say itself stands in a file beside the generated one: image, network, data.
    pub(crate) fn up(image: &Image, variables: &[(&str, String)], data: &Path) -> Self {
        let environment: serde_json::Map<_, _> = variables
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone().into()))
            .collect();
        // JSON is YAML.
        let service = serde_json::json!({
            "image": image.name(),
            "network_mode": "host",
            "environment": environment,
            "volumes": [format!("{}:/data", data.display())],
        });
        let file = tempfile::Builder::new().suffix(".yaml").tempfile().unwrap();
        let text = serde_json::json!({ "services": { "orders": service } }).to_string();
        std::fs::write(&file, text).unwrap();
        let generated = Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/compose.yaml");
        let mut words = compose();
        for word in ["--project-name", image.name(), "--file"] {
            words.push(word.to_owned());
        }
        words.push(generated.display().to_string());
        words.push("--file".to_owned());
        words.push(file.path().display().to_string());
        let with = |more: &[&str]| {
            [
                words.clone(),
                more.iter().map(|&it| it.to_owned()).collect(),
            ]
            .concat()
        };
        let remove = Removed(with(&["down", "--volumes", "--timeout", "0"]));
        run(&with(&["up", "--detach", "--wait", "--wait-timeout", "90"]));
        let id = run(&with(&["ps", "--all", "--quiet", "orders"]));
        Self {
            words,
            container: Container {
                id,
                _removed: Arc::new(remove),
            },
            _override: file,
        }
    }

    pub(crate) fn container(&self) -> Container {
        self.container.clone()
    }

    pub(crate) fn stop(&self) -> Stopped {
        let words = [self.words.clone(), vec!["stop".to_owned()]].concat();
        self.container.stopped_by(|| run(&words))
    }
}

/// As a plugin of the client, or as a program of its own.
fn compose() -> Vec<String> {
    let plugin = Command::new("docker").args(["compose", "version"]).output();
    let is_plugin = plugin.is_ok_and(|output| output.status.success());
    let words: &[&str] = if is_plugin {
        &["docker", "compose"]
    } else {
        &["docker-compose"]
    };
    words.iter().map(|&word| word.to_owned()).collect()
}

#[track_caller]
fn run(words: &[String]) -> String {
    let output = Command::new(&words[0]).args(&words[1..]).output();
    printed(&output.expect("Compose is installed"))
}
