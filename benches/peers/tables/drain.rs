//! Tasks in flight when the stop begins: what each takes, and how soon all are gone.

use crate::Size;
use crate::figures::medians;
use crate::table::{NONE, Table, grouped};

const KINDS: [(&str, &str); 8] = [
    ("graceful", "graceful: `Tracker::spawn`, `requested`"),
    (
        "tokio-graceful-shutdown",
        "tokio-graceful-shutdown: a subsystem each",
    ),
    ("tokio-graceful", "tokio-graceful: `spawn_task_fn`"),
    ("async-shutdown", "async-shutdown: `wrap_delay_shutdown`"),
    ("elegant-departure", "elegant-departure: a guard each"),
    ("swansong", "swansong: `interrupt(…).guarded()`"),
    (
        "tokio-util",
        "tokio-util: `TaskTracker`, `CancellationToken`",
    ),
    ("by hand", "by hand: a `JoinSet`, a `watch` channel"),
];

const COUNTS: [u32; 4] = [1_000, 10_000, 100_000, 1_000_000];

pub(crate) fn measure(size: Size) -> Table {
    let counts = &COUNTS[..size.of(2, COUNTS.len())];
    let largest = counts[counts.len() - 1];
    let mut head = vec!["tasks".to_owned()];
    head.extend(counts.iter().map(|count| grouped(*count)));
    head.push(format!("bytes each, of {}", grouped(largest)));
    let mut table = Table::new(head);
    for (kind, name) in KINDS {
        let mut cells = vec![name.to_owned()];
        let mut bytes = NONE.to_owned();
        for &count in counts {
            let runs = size.of(1, if count == 1_000_000 { 3 } else { 5 });
            cells.push(match medians("drain", kind, count, runs).as_deref() {
                Some(&[each, nanos]) => {
                    bytes = format!("{each:.0}");
                    format!("{:.2} ms", nanos / 1e6)
                }
                _ => "longer than 60 s".to_owned(),
            });
        }
        cells.push(bytes);
        table.row(cells);
    }
    table.note(
        "Each task waits to be told, and is told and counted by what the library has for it. From the request until all have \
         ended, on two worker threads, of processes of their own: the middle of five, of three where there are 1,000,000. The \
         bytes are resident memory. Of graceful it is the whole of a stop, with a plan, a report, and its own threads; each task has its place and its age, which \
         the report names where it does not end.",
    );
    table
}
