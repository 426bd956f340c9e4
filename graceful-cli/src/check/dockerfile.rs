//! The last stage of a Dockerfile: what is run.

use super::command;
use super::finding::{Finding, Place};
use super::terms::Terms;
use crate::plan::Facts;
use anyhow::anyhow;
use parse_dockerfile::{Command, Instruction};

pub(super) fn check(text: &str, facts: &Facts) -> anyhow::Result<Vec<Finding>> {
    let file = parse_dockerfile::parse(text).map_err(|error| anyhow!("{error}"))?;
    let is_from = |instruction: &Instruction<'_>| matches!(instruction, Instruction::From(_));
    let begin = file.instructions.iter().rposition(is_from).unwrap_or(0);
    let mut terms = Terms::of(facts);
    let mut findings = Vec::new();
    for instruction in &file.instructions[begin..] {
        match instruction {
            Instruction::Env(env) => {
                let place = Place::of(text, env.arguments.span.start);
                for (name, value) in variables(&env.arguments.value) {
                    findings.extend(terms.set(&name, &value, place));
                }
            }
            Instruction::Stopsignal(signal) => {
                let place = Place::of(text, signal.arguments.span.start);
                findings.extend(terms.takes(signal.arguments.value.trim(), place));
            }
            Instruction::Cmd(cmd) => findings.extend(form(text, &cmd.arguments)),
            Instruction::Entrypoint(entrypoint) => {
                findings.extend(form(text, &entrypoint.arguments));
            }
            _ => {}
        }
    }
    findings.extend(terms.refused());
    Ok(findings)
}

/// `NAME=value …`, or the old `NAME value`.
fn variables(arguments: &str) -> Vec<(String, String)> {
    let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    let first = arguments.split_whitespace().next().unwrap_or_default();
    if !first.contains('=') {
        let variable = arguments.trim().split_once(char::is_whitespace);
        let unquoted = |value: &str| command::split(value).join(" ");
        let variable = variable.map(|(name, value)| (name.to_owned(), unquoted(value)));
        return variable.into_iter().collect();
    }
    let words = command::split(arguments);
    let variables = words.iter().filter_map(|word| word.split_once('='));
    variables.map(owned).collect()
}

fn form(text: &str, command: &Command<'_>) -> Option<Finding> {
    match command {
        Command::Exec(words) => {
            let place = Place::of(text, words.span.start);
            let words: Vec<_> = words.value.iter().map(|word| &*word.value).collect();
            command::words(&words, place)
        }
        Command::Shell(script) => command::script(script.value, Place::of(text, script.span.start)),
        _ => None,
    }
}
