//! A page that nobody can find is not there: each stands in both lists, and no link leads to nothing. What pages name is
//! there.

use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(page: &Path) -> String {
    std::fs::read_to_string(root().join(page))
        .unwrap_or_else(|error| panic!("{}: {error}", page.display()))
}

/// Every page below a folder of the repository, by its path from the root; none of what is built or hidden.
fn pages(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in root().join(folder).read_dir().unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name();
        let path = folder.join(&name);
        let is_left_out = name == "target" || name.to_str().unwrap().starts_with('.');
        if entry.file_type().unwrap().is_dir() {
            if !is_left_out {
                found.extend(pages(&path));
            }
        } else if path.extension().is_some_and(|it| it == "md") {
            found.push(path);
        }
    }
    found
}

/// A page without its blocks of code.
fn prose(text: &str) -> String {
    text.split("```").step_by(2).collect()
}

/// Where the links of a page lead within the repository: a file, and a place in it. Either may be empty.
fn links(text: &str) -> Vec<(String, String)> {
    let text = prose(text);
    let links = text.split("](").skip(1);
    let targets = links.filter_map(|rest| rest.split_once(')')).map(|it| it.0);
    let within = targets.filter(|target| !target.contains("://"));
    within
        .map(|target| target.split_once('#').unwrap_or((target, "")))
        .map(|(file, place)| (file.to_owned(), place.to_owned()))
        .collect()
}

/// The places of a page that can be linked to, as GitHub and mdBook name its headings.
fn places(text: &str) -> Vec<String> {
    let text = prose(text);
    let headings = text.lines().filter(|line| line.starts_with('#'));
    let as_place = |heading: &str| {
        let words = heading.trim_start_matches('#').trim().to_lowercase();
        let kept = words
            .chars()
            .filter(|it| it.is_alphanumeric() || " -_".contains(*it));
        kept.map(|it| if it == ' ' { '-' } else { it }).collect()
    };
    headings.map(as_place).collect()
}

#[test]
fn each_page_stands_in_the_readme_and_in_the_summary_in_one_order() {
    let listed = |page: &str| -> Vec<String> {
        let links = links(&read(Path::new(page)));
        let files = links.into_iter().map(|(file, _)| file);
        files.filter(|file| file != "README.md").collect()
    };
    let mut listed_in_readme = listed("docs/README.md");
    assert_eq!(listed_in_readme, listed("docs/SUMMARY.md"));

    let mut there: Vec<_> = pages(Path::new("docs"))
        .into_iter()
        .map(|page| page.strip_prefix("docs").unwrap().display().to_string())
        .filter(|page| page != "README.md" && page != "SUMMARY.md")
        .collect();
    there.sort();
    listed_in_readme.sort();
    assert_eq!(listed_in_readme, there);
}

#[test]
fn each_link_leads_to_a_file_and_a_place_in_it() {
    let mut broken = Vec::new();
    for page in pages(Path::new("")) {
        for (file, place) in links(&read(&page)) {
            let target = match file.as_str() {
                "" => page.clone(),
                file => page.parent().unwrap().join(file),
            };
            let is_page = target.extension().is_some_and(|it| it == "md");
            let is_there = root().join(&target).exists()
                && (place.is_empty() || !is_page || places(&read(&target)).contains(&place));
            if !is_there {
                broken.push(format!("{}: {file}#{place}", page.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

/// What a row names: `file`, or `file::test` for a function of that name in it.
fn exists(named: &str) -> bool {
    let (file, function) = named.split_once("::").unwrap_or((named, ""));
    let path = root().join(file);
    if function.is_empty() {
        return path.exists();
    }
    let text = std::fs::read_to_string(path).unwrap_or_default();
    text.contains(&format!("fn {function}("))
}

#[test]
fn each_requirement_is_shown_by_what_exists() {
    let text = read(Path::new("docs/requirements.md"));
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
    let [readme, front, manifest] =
        ["README.md", "src/lib.rs", "Cargo.toml"].map(|file| read(Path::new(file)));
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

/// Whether a module or a function of this name is in a file of the folder.
fn is_in(folder: &Path, name: &str) -> bool {
    let mut files = folder.read_dir().unwrap().map(|file| file.unwrap().path());
    files.any(|file| {
        file.file_stem().is_some_and(|stem| stem == name)
            || std::fs::read_to_string(file).is_ok_and(|text| text.contains(&format!("fn {name}(")))
    })
}

#[test]
fn what_the_macros_are_shown_by_exists() {
    let text = prose(&read(Path::new("docs/macros.md")));
    let tests = |folder: &str, names: &str| {
        let folder = root().join(folder);
        // The key to the names has none behind the colons.
        let mut names = names.split("::").filter(|name| !name.is_empty());
        names.all(|name| is_in(&folder, name))
    };
    let is_gone = |word: &&str| {
        let exists = match word.split_once("::").or_else(|| word.split_once('/')) {
            Some(("compiler", names)) => tests("tests/compiler", names),
            Some(("macros", names)) => tests("graceful-macros/src/tests", names),
            Some(("packages", names)) => tests("tests/packages", names),
            Some(("ui", program)) => {
                let program = root().join("tests/ui").join(program.trim_end_matches("/*"));
                program.exists() || program.with_extension("rs").exists()
            }
            _ => true,
        };
        !exists
    };
    let gone: Vec<_> = text.split('`').skip(1).step_by(2).filter(is_gone).collect();
    assert!(gone.is_empty(), "{gone:?}");
}
