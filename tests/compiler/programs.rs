//! The programs on file, one folder for each theme.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

pub(crate) struct Program {
    pub(crate) path: PathBuf,
}

impl Program {
    pub(crate) fn must_fail(&self) -> bool {
        !self.path.parent().unwrap().ends_with("pass")
    }

    /// As its last line says.
    pub(crate) fn deserved_errors(&self) -> Option<usize> {
        let last = self.last_line();
        let count = last.strip_prefix("// errors: ")?;
        count.split(',').next()?.parse().ok()
    }

    fn last_line(&self) -> String {
        let text = self.source();
        text.lines().last().unwrap_or_default().to_owned()
    }

    pub(crate) fn source(&self) -> String {
        fs::read_to_string(&self.path).unwrap()
    }

    pub(crate) fn expected(&self) -> PathBuf {
        self.path.with_extension("stderr")
    }

    pub(crate) fn name(&self) -> &str {
        self.path.file_stem().unwrap().to_str().unwrap()
    }
}

/// Relative to this package, where tests are run.
pub(crate) fn all() -> Vec<Program> {
    files("rs").map(|path| Program { path }).collect()
}

/// All files of the themes with this extension, in their order.
pub(crate) fn files(extension: &str) -> impl Iterator<Item = PathBuf> {
    let files = entries(Path::new("ui"))
        .into_iter()
        .flat_map(|theme| entries(&theme));
    files.filter(move |path| path.extension() == Some(OsStr::new(extension)))
}

pub(crate) fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap();
    let mut entries: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    entries
}
