//! Puts what was measured where a document has room for it: between `<!-- KIND: NAME -->` and `<!-- /KIND -->`. A figure that is
//! copied by hand is the old one some day.

use std::fs;
use std::path::Path;

/// The documents that quote figures, and the results side by side themselves.
const DOCUMENTS: [&str; 3] = [
    "benches/peers/results.md",
    "docs/performance.md",
    "docs/reliability.md",
];

/// Replaces what each document has of that name.
///
/// # Panics
///
/// If a document can't be read or written, or has a mark that is never closed.
pub fn insert(kind: &str, name: &str, text: &str) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    let root = root
        .filter(|folder| folder.join(DOCUMENTS[0]).exists())
        .last();
    let root = root.expect("it is built in its repository");
    for document in DOCUMENTS {
        let path = root.join(document);
        let before =
            fs::read_to_string(&path).unwrap_or_else(|error| panic!("{document}: {error}"));
        let after = replaced(&before, kind, name, text);
        if after != before {
            fs::write(&path, after).unwrap_or_else(|error| panic!("{document}: {error}"));
        }
    }
}

fn replaced(document: &str, kind: &str, name: &str, text: &str) -> String {
    let (opens, closes) = (
        format!("<!-- {kind}: {name} -->\n"),
        format!("<!-- /{kind} -->"),
    );
    let Some((before, rest)) = document.split_once(&opens) else {
        return document.to_owned();
    };
    let Some((_, after)) = rest.split_once(&closes) else {
        panic!("`{opens}` is never closed");
    };
    format!("{before}{opens}\n{}\n\n{closes}{after}", text.trim_end())
}
