//! Closes that have nothing to do, one after the other.

use crate::Size;
use crate::figures::medians;
use crate::table::Table;

const KINDS: [(&str, &str); 9] = [
    ("graceful", "graceful"),
    (
        "tokio-graceful-shutdown",
        "tokio-graceful-shutdown, as its example `19_sequential_shutdown`",
    ),
    ("tokio-graceful", "tokio-graceful ¹"),
    ("async-shutdown", "async-shutdown ¹"),
    ("elegant-departure", "elegant-departure ¹"),
    ("swansong", "swansong ¹"),
    ("tokio-util", "tokio-util: a token and a tracker for each"),
    ("by hand, tasks", "by hand: a task and a `timeout` for each"),
    (
        "by hand",
        "by hand: a `timeout` for each, nothing guarded ²",
    ),
];

const COUNTS: [u32; 3] = [10, 100, 1_000];

pub(crate) fn measure(size: Size) -> Table {
    let runs = size.of(1, 21);
    let head = ["closes", "10", "100", "1,000", "one more ³"];
    let mut table = Table::new(head);
    for (kind, name) in KINDS {
        let times = COUNTS.map(|count| {
            let figures = medians("closes", kind, count, runs);
            figures.expect("less than a second")[0]
        });
        let whole = times.map(|nanos| format!("{:.2} ms", nanos / 1e6));
        let more = (times[2] - times[0]) / f64::from(COUNTS[2] - COUNTS[0]);
        let cells = whole.into_iter().chain([format!("{:.2} µs", more / 1e3)]);
        table.row([name.to_owned()].into_iter().chain(cells));
    }
    table.note(
        "From the request to the end of the last, with a limit for each, on two worker threads; the middle of 21 processes, \
         each of which stops once, as a service does: nothing is warm.",
    );
    table.note(
        "¹ It has no order: a channel from each to the next. ² A close that panics or blocks its thread takes the others with \
         it. ³ The difference between 1,000 and 10, for each. In all but graceful, a close that blocks its thread holds up what \
         needs that thread, its own limit first: see the faults.",
    );
    table
}
