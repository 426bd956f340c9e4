//! What the project's own programs write under the macros, read as tokens and not as syntax: many are wrong on purpose.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use std::path::Path;
use std::{fs, iter};

const PROGRAMS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/ui");

/// An item, and the arguments of the attribute above it.
#[derive(Clone, Debug)]
pub(super) struct Written {
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
        let mut themes: Vec<_> = entries(Path::new(PROGRAMS));
        themes.sort();
        for program in themes.iter().flat_map(|theme| entries(theme)) {
            if program
                .extension()
                .is_some_and(|extension| extension == "rs")
            {
                let text = fs::read_to_string(program).unwrap();
                corpus.add(text.parse().unwrap());
            }
        }
        corpus
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

fn entries(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(folder).unwrap();
    let mut entries: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    entries
}
