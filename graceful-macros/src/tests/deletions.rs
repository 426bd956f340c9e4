//! Each error of the macros is deleted in turn, and some test has to miss it.
//!
//! `cargo test -p graceful-macros --lib -- --ignored deleted` runs this file's test, which runs all the others but the
//! random ones, once for each place in the source that reports an error. The place is told by an environment variable, so
//! that nothing has to be built again.

use super::written::entries;
use std::collections::BTreeSet;
use std::num::NonZero;
use std::panic::{Location, PanicHookInfo, set_hook};
use std::path::Path;
use std::process::{Command, exit};
use std::sync::OnceLock;
use std::thread::{available_parallelism, scope};
use std::{env, fs};

const DELETED: &str = "GRACEFUL_DELETED_ERROR";

/// What nobody would write as a text.
const NOTHING: &str = "deleted";

/// Where a list has been read to its end, at which nothing is left that could be wrong; but who parses has a `Result`.
const UNREACHED: (&str, &str) = ("src/keys.rs", "errors.push_syn(error);");

/// Whether the error that is about to be reported is the one that is deleted.
#[track_caller]
pub(crate) fn is_here() -> bool {
    static PLACE: OnceLock<Option<String>> = OnceLock::new();
    let place = PLACE.get_or_init(|| {
        let place = env::var(DELETED).ok();
        if place.is_some() {
            set_hook(Box::new(end_with_a_test));
        }
        place
    });
    let here = Location::caller();
    place
        .as_ref()
        .is_some_and(|place| *place == format!("{}:{}", here.file(), here.line()))
}

/// Where a test has missed the error, the others need not run. What is tested may panic, and in `bugs.rs` a test does.
fn end_with_a_test(panic: &PanicHookInfo<'_>) {
    let tests = Path::new(file!()).parent();
    let is_of_a_test = |place: &Location<'_>| {
        let file = Path::new(place.file());
        file.parent() == tests && !file.ends_with("bugs.rs")
    };
    if panic.location().is_some_and(is_of_a_test) {
        exit(1);
    }
}

/// In the place of an error whose text is deleted.
pub(crate) fn one() -> syn::Error {
    syn::Error::new(proc_macro2::Span::call_site(), NOTHING)
}

pub(crate) fn is_one(error: &syn::Error) -> bool {
    error.to_string() == NOTHING
}

#[test]
#[ignore = "24 s of a processor: runs the other tests once for each error"]
fn an_error_that_is_deleted_is_missed() {
    let places = places();
    assert!(places.len() > 60, "{places:#?}");
    assert!(nothing_is_missed("nowhere"));
    let processors = available_parallelism().map_or(1, NonZero::get);
    let share = places.len().div_ceil(processors);
    let survivors: Vec<_> = scope(|scope| {
        let among = |some: &[String]| -> Vec<String> {
            let survivors = some.iter().filter(|place| nothing_is_missed(place));
            survivors.cloned().collect()
        };
        let threads = places
            .chunks(share)
            .map(|some| scope.spawn(move || among(some)));
        let threads: Vec<_> = threads.collect();
        let found = threads.into_iter().map(|thread| thread.join().unwrap());
        found.flatten().collect()
    });
    assert!(survivors.is_empty(), "of {}: {survivors:#?}", places.len());
}

/// Whether the other tests pass without the error of this place.
fn nothing_is_missed(place: &str) -> bool {
    let mut tests = Command::new(env::current_exe().unwrap());
    tests.args(["--skip", "answers"]).env(DELETED, place);
    tests.output().unwrap().status.success()
}

/// Where the source calls what reports or makes an error, as the compiler names a place.
fn places() -> Vec<String> {
    const CALLS: [&str; 3] = ["errors.push(", "push_syn(", "mistake("];
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut places = BTreeSet::new();
    let folders = ["src", "src/entry", "src/shutdown"];
    let files = folders
        .iter()
        .flat_map(|folder| entries(&root.join(folder)));
    for file in files.filter(|file| file.is_file() && !file.ends_with("error.rs")) {
        let text = fs::read_to_string(&file).unwrap();
        // As `file!` has it.
        let package = root.file_name().unwrap();
        let name = Path::new(package).join(file.strip_prefix(root).unwrap());
        for (index, line) in text.lines().enumerate() {
            let is_unreached = file.ends_with(UNREACHED.0) && line.trim() == UNREACHED.1;
            if !is_unreached && CALLS.iter().any(|call| line.contains(call)) {
                places.insert(format!("{}:{}", name.display(), index + 1));
            }
        }
    }
    places.into_iter().collect()
}
