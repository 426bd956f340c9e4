//! What it costs to count one piece of work in flight.

use crate::Size;
use crate::figures::medians;
use crate::table::{NONE, Table};

const KINDS: [(&str, &str); 9] = [
    ("Arc", "a clone of an `Arc`"),
    ("graceful", "graceful: `Tracker::guard`"),
    ("tokio-graceful", "tokio-graceful: `Shutdown::guard`"),
    ("async-shutdown", "async-shutdown: `delay_shutdown_token`"),
    (
        "elegant-departure",
        "elegant-departure: `get_shutdown_guard` ¹",
    ),
    ("swansong", "swansong: `guard`"),
    ("swansong, with a report", "swansong, `with_guard_report` ²"),
    ("tokio-util", "tokio-util: `TaskTracker::token`"),
    ("hyper-util", "hyper-util: `GracefulShutdown::watcher`"),
];

pub(crate) fn measure(size: Size) -> Table {
    let mut table = Table::new(["take and drop", "one thread", "each of two threads"]);
    for (kind, name) in KINDS {
        let figures = medians("guards", kind, size.of(1_000, 100_000), size.of(1, 5));
        let figures = figures.expect("a second or two");
        let cells = figures.iter().map(|nanos| format!("{nanos:.1} ns"));
        table.row([name.to_owned()].into_iter().chain(cells));
    }
    table.row(["tokio-graceful-shutdown ³", NONE, NONE]);
    table.row(["`select!` by hand ³", NONE, NONE]);
    table.note(
        "Processor time. With one thread the least of 100 runs, with two the middle, the longer of the two; of that the \
         middle of five processes.",
    );
    table.note(
        "¹ It remembers each guard for ever, as its documentation says: of 1,000 at a time, not 100,000. ² With it, it says where a \
         guard was taken and how long ago; `Tracker::guard` says where. ³ It counts tasks, or nothing: see the drain.",
    );
    table
}
