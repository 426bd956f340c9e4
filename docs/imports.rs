//! Which file of a package imports which: read from its source, `use` by `use` and path by path.
//!
//! A name that a file only re-exports counts for whoever imports it, and as an import from the file that it comes from.
//! Tests are left out: they stand above everything.

mod source;

use source::{Names, Source};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::Path;

/// A package's files, each under the module that it is.
pub(crate) struct Sources(BTreeMap<Names, Source>);

/// For each file those that it imports.
pub(crate) type Imports = BTreeMap<String, BTreeSet<String>>;

impl Sources {
    /// All below `src`, but for the folder `tests`.
    pub(crate) fn read(src: &Path) -> Self {
        let mut sources = Vec::new();
        read_folder(src, src, &mut sources);
        Self::of(sources)
    }

    fn of(sources: impl IntoIterator<Item = Source>) -> Self {
        let sources = sources.into_iter();
        Self(sources.map(|source| (source.module(), source)).collect())
    }

    pub(crate) fn files(&self) -> impl Iterator<Item = &str> {
        self.0.values().map(|source| &*source.file)
    }

    pub(crate) fn imports(&self) -> Imports {
        let of = |source: &Source| {
            let files = self
                .paths_of(source)
                .into_iter()
                .map(|path| self.file_of(&path));
            files.filter(|file| *file != source.file).collect()
        };
        let sources = self.0.values();
        sources
            .map(|source| (source.file.clone(), of(source)))
            .collect()
    }

    /// What files import as the package's users do: `crate::Name` of something that stands elsewhere.
    pub(crate) fn through_root(&self) -> Vec<(&str, Names)> {
        let below_root = self.0.values().filter(|source| source.file != "lib.rs");
        let of = |source| {
            let paths = self.paths_of(source).into_iter();
            let of_root = paths.filter(|path| !self.0.contains_key(&path[..1]));
            of_root.map(|path| (&*source.file, path))
        };
        below_root.flat_map(of).collect()
    }

    /// All that a file names of the package, from the root.
    fn paths_of(&self, source: &Source) -> Vec<Names> {
        let named = source.paths.iter().filter_map(|(module, path)| {
            let own = self.absolute(module, path);
            own.or_else(|| self.imported(source, path))
        });
        // A trait that is imported for its methods is never named.
        let brought_in = source.uses.iter().filter(|it| !it.is_reexport);
        let brought_in = brought_in.filter_map(|it| self.absolute(&it.module, &it.path));
        // Of a module it counts what is taken from it.
        let brought_in = brought_in.filter(|path| !self.0.contains_key(path));
        named.chain(brought_in).collect()
    }

    /// A path of code in `module`, from the root; none where it does not begin with a module of the package.
    fn absolute(&self, module: &Names, path: &[String]) -> Option<Names> {
        let (first, rest) = path.split_first()?;
        if rest.is_empty() {
            // `pub(super)`, or a name alone.
            return None;
        }
        match &**first {
            "crate" => Some(rest.to_vec()),
            "self" => Some([module, rest].concat()),
            "super" => {
                let (_, outer) = module.split_last()?;
                match rest.first() {
                    Some(next) if next == "super" => self.absolute(&outer.to_vec(), rest),
                    _ => Some([outer, rest].concat()),
                }
            }
            _ => {
                let inner = [module, &path[..1]].concat();
                let is_module = self.0.contains_key(&inner);
                is_module.then(|| [module, path].concat())
            }
        }
    }

    /// The path from the root of what begins with a name that a `use` has brought in.
    fn imported(&self, source: &Source, path: &[String]) -> Option<Names> {
        let (first, rest) = path.split_first()?;
        let import = source.uses.iter().find(|it| it.alias == *first)?;
        let from = self.absolute(&import.module, &import.path)?;
        // A module alone is a name that something else has too.
        let is_module = rest.is_empty() && self.0.contains_key(&from);
        (!is_module).then(|| [&from, rest].concat())
    }

    /// The file in which what stands at `path` is written.
    fn file_of(&self, path: &[String]) -> String {
        let mut modules = (0..=path.len()).rev();
        let found = modules.find_map(|length| Some((length, self.0.get(&path[..length])?)));
        let (length, source) = found.expect("the root is a module");
        let through = path.get(length).and_then(|name| {
            let reexport = source.uses.iter().find(|it| it.alias == *name)?;
            let from = self.absolute(&reexport.module, &reexport.path)?;
            Some(self.file_of(&[&from, &path[length + 1..]].concat()))
        });
        through.unwrap_or_else(|| source.file.clone())
    }
}

fn read_folder(folder: &Path, src: &Path, sources: &mut Vec<Source>) {
    for entry in folder.read_dir().unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with("tests") {
            read_folder(&path, src, sources);
        } else if path.extension().is_some_and(|it| it == "rs") {
            let file = path.strip_prefix(src).unwrap().to_str().unwrap();
            let text = std::fs::read_to_string(&path).unwrap();
            sources.push(Source::of(file.to_owned(), &text));
        }
    }
}

/// The shortest way from a file through its imports back to it, where there is one.
pub(crate) fn circle(imports: &Imports) -> Option<Vec<&str>> {
    let circles = imports.keys().filter_map(|file| circle_of(imports, file));
    circles.min_by_key(Vec::len)
}

fn circle_of<'a>(imports: &'a Imports, start: &'a str) -> Option<Vec<&'a str>> {
    let mut reached_from: BTreeMap<&str, &str> = BTreeMap::new();
    let mut queue = VecDeque::from([start]);
    while let Some(file) = queue.pop_front() {
        for next in &imports[file] {
            if reached_from.contains_key(&**next) {
                continue;
            }
            reached_from.insert(next, file);
            if next == start {
                let mut way = vec![start];
                while way.len() == 1 || *way.last().unwrap() != start {
                    way.push(reached_from[way.last().unwrap()]);
                }
                way.reverse();
                return Some(way);
            }
            queue.push_back(next);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources(files: &[(&str, &str)]) -> Sources {
        let files = files.iter();
        Sources::of(files.map(|(file, text)| Source::of((*file).to_owned(), text)))
    }

    /// What `house/roof.rs` of this text imports, of a package that has more files.
    fn imported(text: &str) -> Vec<String> {
        let sources = sources(&[
            ("lib.rs", "mod house; mod ground; pub use ground::Ground;"),
            (
                "ground.rs",
                "pub struct Ground; pub mod stone { pub struct Stone; }",
            ),
            (
                "house/mod.rs",
                "mod wall; mod roof; pub(crate) use wall::Wall; fn door() {}",
            ),
            ("house/wall.rs", "pub(crate) struct Wall;"),
            ("house/roof.rs", text),
        ]);
        let mut imports = sources.imports();
        imports
            .remove("house/roof.rs")
            .unwrap()
            .into_iter()
            .collect()
    }

    #[test]
    fn an_import_is_one_of_the_file_in_which_the_thing_is_written() {
        assert_eq!(imported("use crate::ground::Ground;"), ["ground.rs"]);
        assert_eq!(
            imported("use crate::ground::stone::Stone as Brick;"),
            ["ground.rs"]
        );
        assert_eq!(
            imported("use super::{Wall, door};"),
            ["house/mod.rs", "house/wall.rs"]
        );
        assert_eq!(imported("use crate::Ground;"), ["ground.rs"]);
        assert_eq!(imported("use std::fmt::{self, Debug};"), [""; 0]);
    }

    #[test]
    fn a_path_is_an_import_too() {
        assert_eq!(imported("fn a(_: super::Wall) {}"), ["house/wall.rs"]);
        assert_eq!(
            imported("use super::wall; fn a(_: wall::Wall) {}"),
            ["house/wall.rs"]
        );
        assert_eq!(
            imported("mod inner { fn a() { super::super::door() } }"),
            ["house/mod.rs"]
        );
        assert_eq!(
            imported("macro_rules! a { () => { $crate::house::Wall }; }"),
            ["house/wall.rs"]
        );
        assert_eq!(imported("use crate::ground; fn ground() {}"), [""; 0]);
    }

    #[test]
    fn a_reexport_is_an_import_where_the_file_has_use_for_it() {
        assert_eq!(imported("pub(crate) use crate::ground::Ground;"), [""; 0]);
        let used = "pub(crate) use crate::ground::Ground; struct Roof(Ground);";
        assert_eq!(imported(used), ["ground.rs"]);
    }

    #[test]
    fn what_only_tests_import_does_not_count() {
        let tests = "#[cfg(test)] use super::Wall; #[cfg(all(test, unix))] mod tests { use super::*; use crate::ground::Ground; }";
        assert_eq!(imported(tests), [""; 0]);
        assert_eq!(
            imported("pub(super) fn a() {} pub(in super::super) fn b() {}"),
            [""; 0]
        );
    }

    #[test]
    fn what_comes_through_the_root_is_found() {
        let through = |text| {
            sources(&[
                ("lib.rs", "pub use a::A;"),
                ("a.rs", "struct A;"),
                ("b.rs", text),
            ])
            .through_root()
            .len()
        };
        assert_eq!(through("use crate::A;"), 1);
        assert_eq!(through("use crate::a::A;"), 0);
    }

    #[test]
    fn a_circle_is_shown_with_its_way() {
        let of = |files: &[_]| sources(files).imports();
        let (a, b) = (
            ("a.rs", "use crate::b::B; struct A;"),
            ("b.rs", "use crate::c::C; struct B;"),
        );
        let line = of(&[("lib.rs", ""), a, b, ("c.rs", "struct C;")]);
        assert_eq!(circle(&line), None);
        let round = of(&[("lib.rs", ""), a, b, ("c.rs", "fn c(_: super::a::A) {}")]);
        assert_eq!(circle(&round).unwrap(), ["a.rs", "b.rs", "c.rs", "a.rs"]);
    }
}
