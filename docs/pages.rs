//! A page that nobody can find is not there: each stands in both lists, and no link leads to nothing.

use std::path::{Path, PathBuf};

/// Every page below `folder`, by its path from `docs/`.
fn pages(folder: &str) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let entries = root.join(folder).read_dir().unwrap();
    let mut found = Vec::new();
    for entry in entries {
        let path = entry.unwrap().path();
        let name = path.strip_prefix(root).unwrap().to_str().unwrap();
        if path.is_dir() {
            found.extend(pages(name));
        } else if path.extension().is_some_and(|it| it == "md") {
            found.push(name.to_owned());
        }
    }
    found
}

fn read(page: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(page)).unwrap()
}

/// Where the links of a page lead within the repository, without the place in the page.
fn links(text: &str) -> Vec<&str> {
    let prose = text.split("```").step_by(2);
    let links = prose.flat_map(|part| part.split("](").skip(1));
    let targets = links.filter_map(|rest| rest.split_once(')')).map(|it| it.0);
    let files = targets.filter_map(|target| target.split('#').next());
    files
        .filter(|file| !file.is_empty() && !file.contains("://"))
        .collect()
}

#[test]
fn each_page_stands_in_the_readme_and_in_the_summary_in_one_order() {
    let (readme, summary) = (read("README.md"), read("SUMMARY.md"));
    let listed = links(&readme);
    let chapters: Vec<_> = links(&summary)
        .into_iter()
        .filter(|page| *page != "README.md")
        .collect();
    assert_eq!(listed, chapters);

    let mut there = pages("");
    there.retain(|page| page != "README.md" && page != "SUMMARY.md");
    there.sort();
    let mut listed: Vec<_> = listed.into_iter().map(str::to_owned).collect();
    listed.sort();
    assert_eq!(listed, there);
}

#[test]
fn each_link_leads_to_a_file() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let broken = |page: String| -> Vec<(String, PathBuf)> {
        let folder = root.join(&page).parent().unwrap().to_owned();
        let text = read(&page);
        let targets = links(&text).into_iter().map(|link| folder.join(link));
        let gone = targets.filter(|target| !target.exists());
        gone.map(|target| (page.clone(), target)).collect()
    };
    let broken: Vec<_> = pages("").into_iter().flat_map(broken).collect();
    assert!(broken.is_empty(), "{broken:?}");
}

/// What a row names: `file`, or `file::test` for a function of that name in it.
fn exists(named: &str) -> bool {
    let (file, test) = named.split_once("::").unwrap_or((named, ""));
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(file);
    if test.is_empty() {
        return path.exists();
    }
    let text = std::fs::read_to_string(path).unwrap_or_default();
    text.contains(&format!("fn {test}("))
}

#[test]
fn each_requirement_is_shown_by_what_exists() {
    let text = read("requirements.md");
    let rows: Vec<_> = text
        .lines()
        .filter(|line| line.starts_with("| R"))
        .collect();
    let numbers = rows.iter().map(|row| row[3..5].parse::<u32>().unwrap());
    assert!(numbers.eq(1..=87), "{rows:#?}");
    for row in rows {
        let shown_by = row.trim_end_matches(" |").rsplit(" | ").next().unwrap();
        let mut named = shown_by.split('`').skip(1).step_by(2).peekable();
        assert!(named.peek().is_some(), "{row}");
        for named in named {
            assert!(exists(named), "{named}: {row}");
        }
    }
}

#[test]
fn each_feature_stands_in_the_readme_and_on_the_front_page() {
    let (readme, front) = (read("../README.md"), read("../src/lib.rs"));
    let manifest = read("../Cargo.toml");
    let (_, features) = manifest.split_once("\n[features]\n").unwrap();
    let (features, _) = features.split_once("\n[").unwrap();
    let named = features
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once(" = "))
        .map(|(name, _)| name)
        .filter(|name| *name != "default");
    let is_in_both = |name: &&str| {
        let word = format!("`{name}`");
        let mut front = front.lines();
        readme.contains(&word)
            && front.any(|line| line.starts_with("//! | ") && line.contains(&word))
    };
    let missing: Vec<_> = named.filter(|name| !is_in_both(name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
