//! What a program says of its stop: asked for, and read.

use anyhow::{Context as _, bail};
use clap::Args;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

/// A program that knows the variable answers before anything of its own runs; another one may serve for ever.
const TO_ANSWER: Duration = Duration::from_secs(10);

/// Where the plan comes from.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(crate) struct PlanSource {
    /// The program, which is asked for its plan: run with `GRACEFUL_PLAN=text`
    #[arg(long, value_name = "FILE")]
    program: Option<PathBuf>,
    /// What it has answered, in a file: `GRACEFUL_PLAN=text ./program > plan.txt`
    #[arg(long, value_name = "FILE")]
    plan: Option<PathBuf>,
}

/// How a program stops, by its own words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Facts {
    /// The whole stop, from the signal to the end of the process.
    pub(crate) timeout: Duration,
    /// How long it goes on serving of that.
    pub(crate) delay: Duration,
    /// What it expects the platform to wait, and to take for its hook, where it says so.
    pub(crate) grace: Option<Duration>,
    pub(crate) pre_stop: Option<Duration>,
    /// By their names.
    pub(crate) signals: Vec<String>,
    /// What its steps add up to, where `main` returns a state.
    pub(crate) critical_path: Option<Duration>,
    /// The names of its steps, where `main` returns a state.
    pub(crate) steps: Vec<String>,
}

impl Facts {
    /// The signal that a platform is to send.
    pub(crate) fn stop_signal(&self) -> &str {
        stop_signal(&self.signals).unwrap_or("SIGTERM")
    }
}

impl PlanSource {
    /// Asks, or reads.
    pub(crate) fn facts(&self) -> anyhow::Result<Facts> {
        match (&self.program, &self.plan) {
            (Some(program), _) => ask(program),
            (None, Some(file)) => {
                let text = fs::read_to_string(file);
                let text = text.with_context(|| file.display().to_string())?;
                parse(&text).with_context(|| file.display().to_string())
            }
            (None, None) => bail!("give `--program` or `--plan`"),
        }
    }
}

fn ask(program: &Path) -> anyhow::Result<Facts> {
    let name = program.display();
    let mut command = Command::new(as_file(program));
    command.env("GRACEFUL_PLAN", "text");
    let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn();
    let mut child = child.with_context(|| format!("could not start {name}"))?;
    let (sender, answer) = channel();
    if let Some(mut stdout) = child.stdout.take() {
        thread::spawn(move || {
            let mut text = String::new();
            let read = stdout.read_to_string(&mut text).map(|_| text);
            // Whoever has waited long enough is gone.
            let _ = sender.send(read);
        });
    }
    let answer = answer.recv_timeout(TO_ANSWER);
    // One that has ended is not there any more; any other was not asked to live on.
    let _ = child.kill();
    child.wait()?;
    let Ok(text) = answer else {
        bail!(
            "{name} did not print its plan within {}: it runs, and knows nothing of `GRACEFUL_PLAN`. \
             Is its `main` annotated with `#[graceful::main]`?",
            humantime::format_duration(TO_ANSWER)
        );
    };
    parse(&text?).with_context(|| format!("{name}, asked by `GRACEFUL_PLAN=text`"))
}

/// The file, where a name alone would be looked for in `PATH`.
fn as_file(program: &Path) -> PathBuf {
    if program.components().count() == 1 && program.is_file() {
        Path::new(".").join(program)
    } else {
        program.to_owned()
    }
}

fn parse(text: &str) -> anyhow::Result<Facts> {
    let mut lines = text.lines();
    match lines.next().map(|first| first.split_once('\t')) {
        Some(Some(("graceful-plan", "1"))) => {}
        Some(Some(("graceful-plan", version))) => {
            bail!(
                "its plan is of form {version}, and this `cargo graceful` reads form 1: install a newer one"
            )
        }
        _ => bail!(
            "its answer is no plan: is its `main` annotated with `#[graceful::main]`, and is it built with the feature \
             `plan` of `graceful-app`?"
        ),
    }
    let (mut facts, mut timeout) = (Facts::default(), None);
    for line in lines {
        let columns: Vec<_> = line.split('\t').collect();
        match columns[..] {
            ["timeout", value] => timeout = Some(duration(value)?),
            ["delay", value] => facts.delay = duration(value)?,
            ["grace", value] => facts.grace = Some(duration(value)?),
            ["pre_stop", value] => facts.pre_stop = Some(duration(value)?),
            ["signal", name] => facts.signals.push(name.to_owned()),
            ["plan", _, path] => facts.critical_path = Some(duration(path)?),
            ["step", _, _, name, ..] => facts.steps.push(name.to_owned()),
            // What else there is, is for others.
            _ => {}
        }
    }
    facts.timeout = timeout.context("its plan has no timeout")?;
    Ok(facts)
}

/// `0` alone needs no unit.
fn duration(text: &str) -> anyhow::Result<Duration> {
    humantime::parse_duration(text).with_context(|| format!("{text:?} is no duration"))
}

/// As people write it: `25s`, `1m 30s`.
pub(crate) fn written(duration: Duration) -> String {
    humantime::format_duration(duration).to_string()
}

/// The same of so many seconds.
pub(crate) fn written_seconds(count: u64) -> String {
    written(Duration::from_secs(count))
}

/// The whole seconds that are at least as long: platforms count in them.
pub(crate) fn whole_seconds(duration: Duration) -> u64 {
    let up = u64::from(duration.subsec_nanos() > 0);
    duration.as_secs().saturating_add(up)
}

/// Which of the signals that a program takes a platform is to send: what they all do, where it is one of them.
pub(crate) fn stop_signal(signals: &[String]) -> Option<&str> {
    let mut all = signals.iter().map(String::as_str);
    all.clone().find(|name| *name == "SIGTERM").or(all.next())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_is_read_and_what_is_new_in_it_is_skipped() {
        let text = "graceful-plan\t1\ntimeout\t20s\ndelay\t1s 500ms\nsignal\tSIGINT\nsignal\tSIGTERM\n\
                    colour\tblue\nplan\tApp\t19s\nstep\t0\t10s\thttp\t\n";
        let facts = parse(text).unwrap();
        let expected = Facts {
            timeout: Duration::from_secs(20),
            delay: Duration::from_millis(1500),
            signals: vec!["SIGINT".to_owned(), "SIGTERM".to_owned()],
            critical_path: Some(Duration::from_secs(19)),
            steps: vec!["http".to_owned()],
            ..Facts::default()
        };
        assert_eq!(facts, expected);
    }

    #[test]
    fn what_is_no_plan_says_what_is_missing() {
        for (text, words) in [
            ("", "is no plan"),
            ("listening on port 3000\n", "is no plan"),
            ("graceful-plan\t2\n", "form 2"),
            ("graceful-plan\t1\n", "has no timeout"),
            (
                "graceful-plan\t1\ntimeout\tsoon\n",
                "\"soon\" is no duration",
            ),
        ] {
            let error = format!("{:#}", parse(text).unwrap_err());
            assert!(error.contains(words), "{error}");
        }
    }
}
