//! What the project's own programs write under the macros, read as tokens and not as syntax: many are wrong on purpose.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::{fs, iter};

const PROGRAMS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/ui");

/// An item, and the arguments of the attribute above it.
#[derive(Clone, Debug)]
pub(super) struct Written {
    pub(super) is_test: bool,
    pub(super) arguments: TokenStream,
    pub(super) item: TokenStream,
}

#[derive(Default)]
pub(super) struct Corpus {
    pub(super) derived: Vec<Written>,
    pub(super) functions: Vec<Written>,
}

impl Corpus {
    pub(super) fn read() -> Self {
        let mut corpus = Self::default();
        for program in programs() {
            corpus.add_file(&program);
        }
        corpus
    }

    pub(super) fn of(program: &Path) -> Self {
        let mut corpus = Self::default();
        corpus.add_file(program);
        corpus
    }

    fn add_file(&mut self, program: &Path) {
        let text = fs::read_to_string(program).unwrap();
        self.add(text.parse().unwrap());
    }

    fn add(&mut self, tokens: TokenStream) {
        let mut trees = tokens.into_iter().peekable();
        while let Some(tree) = trees.next() {
            let TokenTree::Group(group) = tree else {
                continue;
            };
            let attribute = group.stream().to_string().replace(' ', "");
            let entry = ["graceful::main", "graceful::test"]
                .iter()
                .any(|path| attribute.trim_start_matches("::").starts_with(path));
            let derive = attribute.starts_with("derive(") && attribute.contains("Shutdown");
            if group.delimiter() != Delimiter::Bracket || !(entry || derive) {
                self.add(group.stream());
                continue;
            }
            let arguments = group
                .stream()
                .into_iter()
                .find_map(inside)
                .filter(|_| entry);
            // A function ends with its body, a type where it ends.
            let mut ended = false;
            let item = iter::from_fn(|| {
                let next = if ended { None } else { trees.next() };
                ended = next.as_ref().is_some_and(ends_item);
                next
            });
            let written = Written {
                is_test: entry && attribute.contains("graceful::test"),
                arguments: arguments.unwrap_or_default(),
                item: item.collect(),
            };
            self.add(written.item.clone());
            if entry {
                &mut self.functions
            } else {
                &mut self.derived
            }
            .push(written);
        }
    }
}

fn inside(tree: TokenTree) -> Option<TokenStream> {
    match tree {
        TokenTree::Group(group) => Some(group.stream()),
        _ => None,
    }
}

fn ends_item(tree: &TokenTree) -> bool {
    match tree {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        TokenTree::Punct(punct) => punct.as_char() == ';',
        _ => false,
    }
}

/// Right ones and wrong ones.
pub(super) fn programs() -> impl Iterator<Item = PathBuf> {
    let themes = entries(Path::new(PROGRAMS)).into_iter();
    let files = themes.flat_map(|theme| entries(&theme));
    files.filter(|file| file.extension() == Some(OsStr::new("rs")))
}

pub(super) fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap();
    let mut entries: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    entries
}
