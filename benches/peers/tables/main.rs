//! `graceful` beside what people would pick instead: see `README.md`.
//!
//! It starts the other programs of this workspace, measures them, and writes Markdown.

mod build;
mod closes;
mod connections;
mod drain;
mod end;
mod faults;
mod figures;
mod guards;
mod machine;
mod matrix;
#[path = "../../quote.rs"]
#[allow(
    unreachable_pub,
    reason = "it is public in the other package that has it"
)]
mod quote;
mod table;

use std::time::Instant;
use table::Table;

/// How much is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Size {
    /// So that one sees that everything works.
    Small,
    /// What is quoted.
    Full,
}

impl Size {
    fn of<T>(self, small: T, full: T) -> T {
        match self {
            Self::Small => small,
            Self::Full => full,
        }
    }
}

/// A table by its name on the command line and in the documents that quote it.
type Measure = (&'static str, fn(Size) -> Table);

const TABLES: [Measure; 6] = [
    ("faults", matrix::measure),
    ("guards", guards::measure),
    ("drain", drain::measure),
    ("closes", closes::measure),
    ("end", end::measure),
    ("connections", connections::measure),
];

const BUILD: Measure = ("build", build::measure);

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let is_asked = |flag: &str| arguments.iter().any(|argument| argument == flag);
    let size = if is_asked("--small") {
        Size::Small
    } else {
        Size::Full
    };
    let mut tables: Vec<Measure> = TABLES.to_vec();
    if is_asked("--build-cost") {
        tables.push(BUILD);
    }
    let named = |measure: &Measure| is_asked(measure.0);
    if tables.iter().chain([&BUILD]).any(named) {
        tables = TABLES.into_iter().chain([BUILD]).filter(named).collect();
    }
    machine::raise_open_files();

    if size == Size::Full {
        let text = format!("{}\n\n{}", machine::describe(), machine::versions());
        quote::insert("peers", "machine", &text);
    }
    for (name, measure) in tables {
        let (began, load) = (Instant::now(), machine::load());
        let mut table = measure(size);
        table.note(format!(
            "`benches/peers/run {name}`: {} s, at a load of {load} when it began and {} when it ended.",
            began.elapsed().as_secs(),
            machine::load()
        ));
        let table = table.to_string();
        println!("## {name}\n\n{table}");
        if size == Size::Full {
            quote::insert("peers", name, &table);
        }
    }
}
