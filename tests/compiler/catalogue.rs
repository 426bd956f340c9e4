//! The texts of the macros' `error.rs`, against those that the programs get.

use crate::compiler::texts::texts;
use proc_macro2::{TokenStream, TokenTree};
use std::fs;

/// Said where none of these programs can be, and why.
const ELSEWHERE: [(&str, &str); 4] = [
    ("this macro panicked", "no program is known that does it"),
    ("this flavor needs the feature", "they have it"),
    ("the default flavor needs the feature", "they have it"),
    (
        "field `{field}` can be closed with the feature",
        "they have it; the test is in `features`",
    ),
];

#[test]
fn every_text_is_given_to_some_program() {
    let source = fs::read_to_string("../graceful-macros/src/error.rs").unwrap();
    let messages = messages(module(source.parse().unwrap(), "text"));
    assert!(messages.len() > 60, "{messages:#?}");
    let lines: Vec<_> = texts()
        .flat_map(|(_, text)| text.lines().map(str::to_owned).collect::<Vec<_>>())
        .collect();
    let missing: Vec<_> = messages
        .iter()
        .filter(|message| !ELSEWHERE.iter().any(|(text, _)| message.starts_with(text)))
        .filter(|message| !lines.iter().any(|line| says(line, message)))
        .collect();
    assert!(missing.is_empty(), "{missing:#?}");
}

/// Each type that is known by its name is in a program that forgets it, and what is said there is in one that compiles.
#[test]
fn every_known_type_is_forgotten_in_some_program_and_closed_in_another() {
    let source = fs::read_to_string("../graceful-macros/src/shutdown/known.rs").unwrap();
    let table = source.split_once("const TABLE").unwrap().1;
    let table = table.split_once("\n};").unwrap().0;
    let literals = table.split('"').skip(1).step_by(2);
    let is_type = |word: &&str| {
        let begins_a_type = |last: &str| last.starts_with(|c: char| c.is_ascii_uppercase());
        !word.contains(' ') && word.rsplit("::").next().is_some_and(begins_a_type)
    };
    let types: Vec<_> = literals.filter(is_type).collect();
    assert!(types.len() > 40, "{types:#?}");

    let texts: String = texts()
        .filter(|(program, _)| program.starts_with("ui/known/"))
        .map(|(_, text)| text)
        .collect();
    let closing = fs::read_to_string("ui/pass/known.rs").unwrap();
    for ty in types {
        let said = format!("`{ty}` is closed by `");
        let (_, said) = texts.split_once(&said).unwrap_or_else(|| panic!("{ty}"));
        let (line, _) = said.split_once("`:").unwrap();
        assert!(closing.contains(line), "{ty}: {line}");
    }
}

/// Whether the fixed parts of a format string are in `line`, one after the other.
fn says(line: &str, format: &str) -> bool {
    let fixed = format.replace("{{", "\u{1}").replace("}}", "\u{2}");
    let mut rest = line;
    fixed.split('{').enumerate().all(|(index, part)| {
        let part = match (index, part.split_once('}')) {
            (0, _) | (_, None) => part,
            (_, Some((_, after))) => after,
        };
        let part = part.replace('\u{1}', "{").replace('\u{2}', "}");
        let found = rest.find(&part);
        rest = found.map_or(rest, |at| &rest[at + part.len()..]);
        found.is_some()
    })
}

/// What is in the braces of `mod name`.
fn module(tokens: TokenStream, name: &str) -> TokenStream {
    let trees: Vec<_> = tokens.into_iter().collect();
    let at = trees.windows(3).find_map(|trees| match trees {
        [
            TokenTree::Ident(keyword),
            TokenTree::Ident(ident),
            TokenTree::Group(group),
        ] if keyword == "mod" && ident == name => Some(group.stream()),
        _ => None,
    });
    at.unwrap_or_else(|| panic!("no module `{name}`"))
}

/// Every string of three words or more that is no comment.
fn messages(tokens: TokenStream) -> Vec<String> {
    tokens
        .into_iter()
        .flat_map(|tree| match tree {
            TokenTree::Group(group) => messages(group.stream()),
            TokenTree::Literal(literal) => {
                let text = syn::parse_str::<syn::LitStr>(&literal.to_string());
                let text = text.map(|text| text.value()).unwrap_or_default();
                (text.split(' ').count() > 2 && !text.starts_with(' '))
                    .then_some(text)
                    .into_iter()
                    .collect()
            }
            TokenTree::Ident(_) | TokenTree::Punct(_) => Vec::new(),
        })
        .collect()
}
