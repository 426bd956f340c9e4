//! What a service has processed, in a file that outlives it.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A file to which each run of a service appends the number of each message that it has processed.
pub(crate) struct Journal(TempDir);

impl Journal {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    /// Its path, for the service.
    pub(crate) fn path(&self) -> PathBuf {
        self.0.path().join("journal")
    }

    /// How many lines there are by now.
    pub(crate) fn len(&self) -> usize {
        read(&self.path()).lines().count()
    }

    /// Reads it.
    pub(crate) fn books(&self) -> Books {
        let mut books = Books::default();
        for line in read(&self.path()).lines() {
            // The last line of a run that was killed may be a part.
            if let Ok(number) = line.parse() {
                books.add(number);
            }
        }
        books
    }
}

fn read(path: &Path) -> String {
    // Not there before the first message.
    std::fs::read_to_string(path).unwrap_or_default()
}

/// Counts the lines of a journal while it grows.
pub(crate) struct Growing {
    file: Option<File>,
    path: PathBuf,
    lines: u64,
}

impl Growing {
    pub(crate) fn of(journal: &Journal) -> Self {
        Self {
            file: None,
            path: journal.path(),
            lines: 0,
        }
    }

    /// How many there are by now: only what is new is read.
    pub(crate) fn lines(&mut self) -> u64 {
        if self.file.is_none() {
            self.file = File::open(&self.path).ok();
        }
        let mut new = String::new();
        if let Some(file) = &mut self.file {
            file.read_to_string(&mut new).expect("it can be read");
        }
        self.lines += new.matches('\n').count() as u64;
        self.lines
    }
}

/// How often each number was processed.
#[derive(Default)]
pub(crate) struct Books(BTreeMap<u64, u64>);

impl Books {
    /// Once more.
    pub(crate) fn add(&mut self, number: u64) {
        *self.0.entry(number).or_default() += 1;
    }

    /// How many of `0..all` were never processed.
    pub(crate) fn lost(&self, all: u64) -> u64 {
        all - self.0.range(..all).count() as u64
    }

    /// How often more than once.
    pub(crate) fn duplicates(&self) -> u64 {
        self.0.values().map(|times| times - 1).sum()
    }
}
