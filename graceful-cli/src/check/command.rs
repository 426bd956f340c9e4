//! Whether a command gets the signal that is meant for it: not behind a shell.

use super::finding::{Finding, Place};

const SHELLS: [&str; 5] = ["sh", "bash", "dash", "ash", "zsh"];

/// Of a command in words: `["sh", "-c", "…"]` keeps the signal, unless the script replaces the shell.
pub(super) fn words(words: &[&str], place: Place) -> Option<Finding> {
    let (program, arguments) = words.split_first()?;
    let program = program.rsplit('/').next().unwrap_or(program);
    let script = match arguments {
        // `-c`, and what goes with it: `-ec`.
        [flag, script, ..] if flag.starts_with('-') && flag.ends_with('c') => script,
        _ => return None,
    };
    (SHELLS.contains(&program) && !replaces(script)).then(|| finding(place, program, script))
}

/// Of a script that a shell is given.
pub(super) fn script(script: &str, place: Place) -> Option<Finding> {
    (!replaces(script)).then(|| finding(place, "sh", script))
}

/// Whether the shell is gone when the program runs.
fn replaces(script: &str) -> bool {
    let last = script
        .rsplit(['\n', ';', '&'])
        .map(str::trim)
        .find(|it| !it.is_empty());
    // In a pipeline each command has a shell of its own, and the first one waits for them.
    let is_pipeline = |line: &str| line.replace("||", "").contains('|');
    last.is_some_and(|last| (last == "exec" || last.starts_with("exec ")) && !is_pipeline(last))
}

/// In words, as a shell would: enough to see one, and whole values.
pub(super) fn split(text: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), String::new(), None);
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match (quote, letter) {
            (Some(open), letter) if letter == open => quote = None,
            (None, '"' | '\'') => quote = Some(letter),
            (None, '\\') if letters.peek() == Some(&' ') => word.extend(letters.next()),
            (None, letter) if letter.is_whitespace() => {
                if !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
            }
            (_, letter) => word.push(letter),
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

fn finding(place: Place, shell: &str, script: &str) -> Finding {
    let first = script.lines().next().unwrap_or_default();
    let text = format!(
        "`{shell}` is process 1 and keeps the signal: `{first}` never hears of it, and is killed"
    );
    let fix = "write the program and its arguments as a list, without a shell; or `exec` it as the last command";
    Finding::new(place, "shell-form", text, fix)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_in_quotes_is_one_word() {
        for text in [
            r#"A=1 "B=1m 30s" C="#,
            r#"A=1 B="1m 30s" C="#,
            r"A=1  B='1m 30s' C=",
            r"A=1 B=1m\ 30s C=",
        ] {
            assert_eq!(split(text), ["A=1", "B=1m 30s", "C="], "{text}");
        }
    }

    #[test]
    fn a_shell_that_is_replaced_is_none() {
        let place = Place { line: 1, column: 1 };
        for good in [
            "exec ./orders",
            "migrate && exec ./orders --port 3000",
            "set -e\nexec ./orders\n",
            "exec ./orders || exit 1",
        ] {
            assert_eq!(words(&["/bin/sh", "-c", good], place), None, "{good}");
        }
        for bad in [
            "./orders",
            "exec ./orders & wait",
            "exec ./orders | tee log",
            "./executor",
        ] {
            assert!(words(&["bash", "-ec", bad], place).is_some(), "{bad}");
        }
        assert_eq!(words(&["/usr/local/bin/orders", "-c", "a b"], place), None);
    }
}
