//! What the macros say to the programs on file, without a compiler: each text of ours that stands in the answer to a
//! program has to come from here, and the reverse.

use super::written::{Corpus, Written, programs};
use crate::entry;
use crate::kind::Kind;
use crate::shutdown;
use proc_macro2::{TokenStream, TokenTree};
use std::fs;
use std::path::Path;
use syn::LitStr;

/// What rustc says without an error's number.
const RUSTCS: [&str; 6] = [
    "cannot find attribute `shutdown` in this scope",
    "derive helper attribute is used before it is introduced",
    "expected `:`, found `}`",
    "expected `fn`, found keyword `async`",
    "future cannot be sent between threads safely",
    "unexpected token: `;`",
];

/// Said in one place alone: by rustc, before it asks a macro, or of what another macro has expanded before.
const DIFFERING: [&str; 2] = [
    "expected one of: `struct`, `enum`, `union`",
    "above has already started a runtime",
];

#[test]
fn texts_on_file_are_said() {
    let is_compared = |text: &String| {
        !RUSTCS.contains(&&**text) && !DIFFERING.iter().any(|differs| text.contains(differs))
    };
    let mut compared = 0;
    for program in programs().filter(|program| is_plain(program)) {
        let answer = fs::read_to_string(program.with_extension("stderr")).unwrap();
        let headlines = answer
            .lines()
            .filter_map(|line| line.strip_prefix("error: "));
        let mut headlines: Vec<_> = headlines.map(str::to_owned).filter(is_compared).collect();
        let mut said: Vec<_> = said(&program).into_iter().filter(is_compared).collect();
        headlines.sort();
        said.sort();
        compared += said.len();
        assert_eq!(said, headlines, "{}", program.display());
    }
    assert!(compared > 300, "{compared}");
}

/// Whether what is written is what the macros see, and all that is said without a number is theirs.
fn is_plain(program: &Path) -> bool {
    let theme = program.parent().unwrap();
    let is_rustcs = theme.ends_with("pass") || theme.ends_with("lints");
    let text = fs::read_to_string(program).unwrap();
    !is_rustcs
        && !["macro_rules!", "#[cfg("]
            .iter()
            .any(|before| text.contains(before))
}

fn said(program: &Path) -> Vec<String> {
    let Corpus { derived, functions } = Corpus::of(program);
    let derived = derived
        .into_iter()
        .map(|written| shutdown::derive(written.item));
    let functions = functions.into_iter().map(|written| {
        let Written {
            is_test,
            arguments,
            item,
        } = written;
        let kind = if is_test { Kind::Test } else { Kind::Main };
        entry::expand(arguments, &item, kind, true)
    });
    derived.chain(functions).flat_map(texts).collect()
}

/// What is in the calls of `compile_error!`.
fn texts(expansion: TokenStream) -> Vec<String> {
    let mut texts = Vec::new();
    let mut is_error = false;
    for tree in expansion {
        match tree {
            TokenTree::Ident(ident) => is_error = ident == "compile_error",
            TokenTree::Group(group) if is_error => {
                texts.extend(syn::parse2::<LitStr>(group.stream()).map(|text| text.value()));
                is_error = false;
            }
            TokenTree::Group(group) => texts.extend(self::texts(group.stream())),
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
    texts
}
