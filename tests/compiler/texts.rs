//! What holds of every expected text.

use crate::compiler::programs::{all, entries, files};
use std::fs;
use std::path::Path;

#[test]
fn every_text_has_its_program_and_every_program_its_text() {
    let programs = all();
    let expected = programs
        .iter()
        .filter(|program| program.must_fail())
        .map(super::Program::expected);
    assert_eq!(
        expected.collect::<Vec<_>>(),
        files("stderr").collect::<Vec<_>>()
    );
    assert!(programs.len() >= 150, "{}", programs.len());
}

/// One for each mistake, which a person has counted.
#[test]
fn a_program_gets_the_errors_that_it_deserves() {
    for program in all().iter().filter(|program| program.must_fail()) {
        let text = fs::read_to_string(program.expected()).unwrap();
        let errors = text.lines().filter(|line| line.starts_with("error"));
        assert_eq!(
            program.deserved_errors(),
            Some(errors.count()),
            "the last line of {} has to be `// errors: ` and their number",
            program.path.display()
        );
    }
}

#[test]
fn texts_of_ours_are_in_rustcs_style() {
    for (program, text) in texts() {
        for message in text.lines().filter_map(|line| line.strip_prefix("error: ")) {
            let starts_well = message.starts_with(|c: char| c.is_lowercase() || c == '`');
            assert!(
                starts_well && !message.ends_with('.'),
                "{program}: {message}"
            );
        }
    }
}

/// Where rustc has to name the macro, the mistake is in none of the user's tokens: two impls of one trait, a bound, a
/// name that is the macro's, an argument that the macro gives to a function of the user's, a method that takes what is only lent.
#[test]
fn errors_point_into_the_program() {
    for (program, text) in texts() {
        for error in text
            .split("\n\n")
            .filter(|error| error.contains("this error originates in the derive macro"))
        {
            let excused = error.starts_with("error[E0119]")
                || error.starts_with("error[E0277]")
                || error.contains("arguments to this function are incorrect")
                || error.starts_with("error[E0507]")
                || error.contains("not accessible due to macro hygiene");
            assert!(excused, "{program}: {error}");
        }
        assert!(
            !text.contains("this error originates in the attribute macro"),
            "{program}"
        );
    }
}

#[test]
fn every_expansion_on_file_is_compiled() {
    let program = fs::read_to_string("ui/pass/expansions.rs").unwrap();
    for file in entries(Path::new("../graceful-macros/src/tests/expected")) {
        let name = file.file_name().unwrap().to_str().unwrap();
        assert!(program.contains(&format!("\"{name}\"")), "{name}");
    }
}

pub(crate) fn texts() -> impl Iterator<Item = (String, String)> {
    files("stderr").map(|path| {
        let text = fs::read_to_string(&path).unwrap();
        (path.display().to_string(), text)
    })
}
