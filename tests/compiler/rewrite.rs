//! A program as a crate with other names would have written it, token by token.

use proc_macro2::{Delimiter, Group, Ident, Literal, Spacing, Span, TokenStream, TokenTree};
use std::collections::BTreeSet;
use std::iter;

/// What the programs use of the prelude, and where it is.
const PRELUDE: [(&str, &str); 28] = [
    ("Option", "::std::option::Option"),
    ("Some", "::std::option::Option::Some"),
    ("None", "::std::option::Option::None"),
    ("Result", "::std::result::Result"),
    ("Ok", "::std::result::Result::Ok"),
    ("Err", "::std::result::Result::Err"),
    ("Box", "::std::boxed::Box"),
    ("Vec", "::std::vec::Vec"),
    ("String", "::std::string::String"),
    ("Clone", "::std::clone::Clone"),
    ("Copy", "::std::marker::Copy"),
    ("Send", "::std::marker::Send"),
    ("Sync", "::std::marker::Sync"),
    ("Sized", "::std::marker::Sized"),
    ("Default", "::std::default::Default"),
    ("PartialEq", "::std::cmp::PartialEq"),
    ("Eq", "::std::cmp::Eq"),
    ("Fn", "::std::ops::Fn"),
    ("FnMut", "::std::ops::FnMut"),
    ("FnOnce", "::std::ops::FnOnce"),
    ("Drop", "::std::ops::Drop"),
    ("Iterator", "::std::iter::Iterator"),
    ("IntoIterator", "::std::iter::IntoIterator"),
    ("ToString", "::std::string::ToString"),
    ("From", "::std::convert::From"),
    ("Into", "::std::convert::Into"),
    ("AsRef", "::std::convert::AsRef"),
    ("Debug", "::std::fmt::Debug"),
];

/// `renamed` is what one of the programs calls us.
const CRATES: [&str; 7] = [
    "std", "core", "alloc", "graceful", "tokio", "serde", "renamed",
];

/// Methods are called by these, whose names are no names then.
const TRAITS: &str = "#[allow(unused_imports)] use ::std::{
    borrow::ToOwned as _, clone::Clone as _, convert::AsRef as _, convert::Into as _, default::Default as _,
    iter::DoubleEndedIterator as _, iter::ExactSizeIterator as _, iter::Extend as _, iter::IntoIterator as _,
    iter::Iterator as _, string::ToString as _,
};";

const MODULES: &str =
    "mod std {} mod core {} mod alloc {} mod tokio {} mod graceful {} mod graceful_runtime {}";

/// What is written as if it were to be rewritten is no news.
const LINTS: &str = "#![deny(warnings)]
    #![allow(unused_qualifications, unused_imports, redundant_imports, unused_macros, dead_code)]";

pub(crate) fn without_prelude(program: &str) -> String {
    let program = Source::new(program);
    // One that an item of the program already has.
    let modules = MODULES.split_inclusive('}').filter(|module| {
        let name = module
            .split(' ')
            .filter(|word| !word.is_empty())
            .nth(1)
            .unwrap();
        !program.names.contains(&format!("mod {name}"))
    });
    let modules: String = modules.collect();
    let body = in_each_module(program.qualified(), TRAITS);
    format!(
        "{} #![no_implicit_prelude] {LINTS} {modules} {body}",
        program.attributes
    )
}

pub(crate) fn with_shadows(program: &str) -> String {
    let program = Source::new(program);
    let shadows = PRELUDE
        .iter()
        .filter(|(name, _)| !program.names.contains(*name))
        .map(|(name, _)| format!("pub struct {name} {{}} "));
    let shadows: String = shadows.collect();
    let uses = format!("{TRAITS} #[allow(unused_imports)] use crate::shadows::*;");
    let body = in_each_module(program.qualified(), &uses);
    format!(
        "{} {LINTS} {body} #[allow(unreachable_pub)] mod shadows {{ {shadows} }}",
        program.attributes
    )
}

pub(crate) fn inside_macro(program: &str) -> String {
    let program = Source::new(program);
    // A `$` in the text of a macro is its own: another one has to be handed in.
    let body = program.tokens.to_string().replace('$', "$dollar ");
    format!(
        "{} {LINTS} macro_rules! program {{ ($dollar:tt) => {{ {body} }}; }} program!($);",
        program.attributes
    )
}

pub(crate) fn renamed(program: &str, name: &str) -> String {
    let program = Source::new(program);
    let tokens = rename(program.tokens, &program.names, name, false);
    format!("{} {LINTS} {tokens}", program.attributes)
}

struct Source {
    /// Those of the crate.
    attributes: TokenStream,
    tokens: TokenStream,
    /// What it defines or imports.
    names: BTreeSet<String>,
}

impl Source {
    fn new(text: &str) -> Self {
        let tokens: TokenStream = text.parse().unwrap();
        let mut trees = tokens.into_iter().peekable();
        let mut attributes = TokenStream::new();
        while let Some(hash) = trees.next_if(|tree| is_punct(Some(tree), '#')) {
            let Some(bang) = trees.next_if(|tree| is_punct(Some(tree), '!')) else {
                let tokens = iter::once(hash).chain(trees).collect();
                return Self::of(attributes, tokens);
            };
            attributes.extend([hash, bang].into_iter().chain(trees.next()));
        }
        Self::of(attributes, trees.collect())
    }

    fn of(attributes: TokenStream, tokens: TokenStream) -> Self {
        let mut names = BTreeSet::new();
        defined(tokens.clone(), false, &mut names);
        Self {
            attributes,
            tokens,
            names,
        }
    }

    fn qualified(&self) -> TokenStream {
        self.qualify(self.tokens.clone())
    }

    /// With nothing that has to be in scope by itself.
    fn qualify(&self, tokens: TokenStream) -> TokenStream {
        let trees: Vec<_> = tokens.into_iter().collect();
        let mut qualified = TokenStream::new();
        for (at, tree) in trees.iter().enumerate() {
            match tree {
                TokenTree::Group(group) => {
                    let mut inside = Group::new(group.delimiter(), self.qualify(group.stream()));
                    inside.set_span(group.span());
                    qualified.extend([TokenTree::Group(inside)]);
                }
                TokenTree::Literal(literal) if literal.to_string() == "\"graceful\"" => {
                    qualified.extend([TokenTree::Literal(Literal::string("::graceful"))]);
                }
                TokenTree::Ident(ident) => match self.path(&trees, at, &ident.to_string()) {
                    Some(path) => qualified.extend(path.parse::<TokenStream>().unwrap()),
                    None => qualified.extend([tree.clone()]),
                },
                _ => qualified.extend([tree.clone()]),
            }
        }
        qualified
    }

    fn path(&self, trees: &[TokenTree], at: usize, name: &str) -> Option<String> {
        let before = |n: usize| at.checked_sub(n).and_then(|at| trees.get(at));
        let after = |n: usize| trees.get(at + n);
        let follows_path = is_punct(before(1), ':') && is_punct(before(2), ':');
        let is_lifetime = is_punct(before(1), '\'');
        let is_member = is_punct(before(1), '.') && !is_punct(before(2), '.');
        if follows_path || is_lifetime || is_member {
            return None;
        }
        if CRATES.contains(&name) {
            let leads = is_punct(after(1), ':') && is_punct(after(2), ':');
            let imported = matches!(before(1), Some(TokenTree::Ident(ident)) if ident == "use");
            return (leads || imported).then(|| format!("::{name}"));
        }
        if self.names.contains(name) {
            return None;
        }
        if is_punct(after(1), '!') && matches!(after(2), Some(TokenTree::Group(_))) {
            let known = [
                "vec",
                "assert",
                "assert_eq",
                "panic",
                "println",
                "format",
                "concat",
                "todo",
                "matches",
            ];
            return known.contains(&name).then(|| format!("::std::{name}"));
        }
        if name == "drop" {
            let called = matches!(after(1), Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis);
            let defined = matches!(before(1), Some(TokenTree::Ident(ident)) if ident == "fn");
            return (called && !defined).then(|| "::std::mem::drop".to_owned());
        }
        let entry = PRELUDE.iter().find(|(known, _)| *known == name);
        entry.map(|(_, path)| (*path).to_owned())
    }
}

/// The names of items, imports and macros; those of modules as `mod name` too.
fn defined(tokens: TokenStream, mut in_use: bool, names: &mut BTreeSet<String>) {
    const ITEMS: [&str; 8] = [
        "struct",
        "enum",
        "trait",
        "type",
        "union",
        "fn",
        "mod",
        "macro_rules",
    ];
    let mut item = None;
    let mut is_extern = false;
    for tree in tokens {
        let was_extern = std::mem::replace(&mut is_extern, is_ident(Some(&tree), "extern"));
        match tree {
            TokenTree::Ident(ident) if was_extern && ident == "crate" => item = Some("mod"),
            TokenTree::Ident(ident) if in_use || item.is_some() => {
                names.insert(ident.to_string());
                if item.take() == Some("mod") {
                    names.insert(format!("mod {ident}"));
                }
            }
            TokenTree::Ident(ident) => {
                in_use = ident == "use";
                item = ITEMS.into_iter().find(|item| ident == item);
            }
            TokenTree::Group(group) => {
                defined(
                    group.stream(),
                    in_use && group.delimiter() == Delimiter::Brace,
                    names,
                );
            }
            TokenTree::Punct(punct) if punct.as_char() == ';' => in_use = false,
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}

/// `text` at the top of the crate and of every module in it.
fn in_each_module(tokens: TokenStream, text: &str) -> TokenStream {
    let top: TokenStream = text.parse().unwrap();
    top.into_iter().chain(in_modules(tokens, text)).collect()
}

fn in_modules(tokens: TokenStream, text: &str) -> TokenStream {
    let trees: Vec<_> = tokens.into_iter().collect();
    let with_text = |(at, tree): (usize, &TokenTree)| match tree {
        TokenTree::Group(group) => {
            // After its name, which a macro may hand in.
            let before = &trees[at.saturating_sub(3)..at];
            let is_module = group.delimiter() == Delimiter::Brace
                && before.iter().any(|tree| is_ident(Some(tree), "mod"));
            let inside = if is_module {
                in_each_module(group.stream(), text)
            } else {
                in_modules(group.stream(), text)
            };
            Group::new(group.delimiter(), inside).into()
        }
        tree => tree.clone(),
    };
    trees.iter().enumerate().map(with_text).collect()
}

/// With the new name wherever we are named, and told to every macro of ours.
fn rename(
    tokens: TokenStream,
    names: &BTreeSet<String>,
    name: &str,
    in_attribute: bool,
) -> TokenStream {
    let mut trees = tokens.into_iter().peekable();
    let mut renamed: Vec<TokenTree> = Vec::new();
    while let Some(tree) = trees.next() {
        let last = renamed.last();
        match tree {
            TokenTree::Ident(ident)
                if ident == "graceful" && !is_another(&renamed, trees.peek()) =>
            {
                renamed.push(Ident::new(name, Span::call_site()).into());
            }
            TokenTree::Ident(ident)
                if in_attribute
                    && (ident == "main" || ident == "test")
                    && is_ours(&renamed, names, name) =>
            {
                renamed.push(ident.into());
                let options = trees.next_if(|tree| matches!(tree, TokenTree::Group(_)));
                let options = match options {
                    Some(TokenTree::Group(group)) => rename(group.stream(), names, name, true),
                    _ => TokenStream::new(),
                };
                let told = options
                    .clone()
                    .into_iter()
                    .any(|tree| is_ident(Some(&tree), "crate"));
                let crate_key = if told {
                    String::new()
                } else {
                    format!("crate = \"::{name}\",")
                };
                let crate_key: TokenStream = crate_key.parse().unwrap();
                let options = crate_key.into_iter().chain(options).collect();
                renamed.push(Group::new(Delimiter::Parenthesis, options).into());
            }
            TokenTree::Literal(literal) if literal.to_string() == "\"graceful\"" => {
                renamed.push(Literal::string(name).into());
            }
            TokenTree::Group(group) => {
                let text = group.stream().to_string();
                let derives =
                    is_punct(last, '#') && text.starts_with("derive") && text.contains("Shutdown");
                let in_attribute = match group.delimiter() {
                    Delimiter::Bracket => is_punct(last, '#'),
                    Delimiter::Parenthesis | Delimiter::None => in_attribute,
                    Delimiter::Brace => false,
                };
                let inside = rename(group.stream(), names, name, in_attribute);
                renamed.push(Group::new(group.delimiter(), inside).into());
                if derives {
                    let told: TokenStream =
                        format!("#[shutdown(crate = ::{name})]").parse().unwrap();
                    renamed.extend(told);
                }
            }
            tree => renamed.push(tree),
        }
    }
    renamed.into_iter().collect()
}

/// `graceful: String`, `.graceful`, or `mod graceful`.
fn is_another(before: &[TokenTree], next: Option<&TokenTree>) -> bool {
    let colon = matches!(next, Some(TokenTree::Punct(punct)) if punct.as_char() == ':'
        && punct.spacing() == Spacing::Alone);
    colon || is_punct(before.last(), '.') || is_ident(before.last(), "mod")
}

/// After our name, or alone where it is imported.
fn is_ours(before: &[TokenTree], names: &BTreeSet<String>, name: &str) -> bool {
    match before {
        [.., owner, first, second] if is_punct(Some(first), ':') && is_punct(Some(second), ':') => {
            is_ident(Some(owner), name)
        }
        [] => names.contains("test"),
        _ => false,
    }
}

fn is_ident(tree: Option<&TokenTree>, name: &str) -> bool {
    matches!(tree, Some(TokenTree::Ident(ident)) if ident == name)
}

fn is_punct(tree: Option<&TokenTree>, char: char) -> bool {
    matches!(tree, Some(TokenTree::Punct(punct)) if punct.as_char() == char)
}
