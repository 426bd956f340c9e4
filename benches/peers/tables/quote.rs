//! Puts a table where a document has room for it: between `<!-- peers: NAME -->` and `<!-- /peers -->`.

use std::fs;
use std::path::Path;

/// The documents that quote a table, and the results themselves.
const DOCUMENTS: [&str; 3] = [
    "benches/peers/results.md",
    "docs/performance.md",
    "docs/reliability.md",
];

/// Replaces what each document has of that name.
pub(crate) fn insert(name: &str, text: &str) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    for document in DOCUMENTS {
        let path = root.join(document);
        let before =
            fs::read_to_string(&path).unwrap_or_else(|error| panic!("{document}: {error}"));
        let after = replaced(&before, name, text);
        if after != before {
            fs::write(&path, after).unwrap_or_else(|error| panic!("{document}: {error}"));
        }
    }
}

fn replaced(document: &str, name: &str, text: &str) -> String {
    let (opens, closes) = (format!("<!-- peers: {name} -->\n"), "<!-- /peers -->");
    let Some((before, rest)) = document.split_once(&opens) else {
        return document.to_owned();
    };
    let Some((_, after)) = rest.split_once(closes) else {
        panic!("`{opens}` is never closed");
    };
    format!("{before}{opens}\n{}\n\n{closes}{after}", text.trim_end())
}
