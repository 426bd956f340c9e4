//! Faults of what is written: a standard error that nobody reads, a log that never returns.

use crate::app::FOR_EVER;
use crate::marks::{mark, ready_once_running};
use std::hint::spin_loop;
use std::io::Write as _;
use std::time::{Duration, Instant};
use tracing::field::{Field, Visit};
use tracing::span;

/// A thread that holds the lock of standard error for ever, once the pipe behind it is full.
pub(crate) fn flood_stderr() {
    // More than any pipe holds unless it was widened.
    const PIPE: usize = 1 << 20;

    // Named as a thread that is not thought to listen to signals.
    let thread = std::thread::Builder::new().name("tracing-appender".to_owned());
    let flood = thread.spawn(|| {
        let mut stderr = std::io::stderr().lock();
        ready_once_running();
        stderr.write_all(&vec![b'.'; PIPE])
    });
    flood.expect("there is room for a thread");
}

/// The same, and waits until the pipe is full.
pub(crate) async fn fill_stderr() {
    flood_stderr();
    tokio::time::sleep(Duration::from_millis(200)).await;
}

/// Fills the pipe of standard output, and leaves something in the buffer before it.
pub(crate) fn fill_stdout() {
    // What a pipe holds on Linux; the newline has it all written through.
    const PIPE: usize = 1 << 16;

    let mut lines = vec![b'.'; PIPE];
    lines[PIPE - 1] = b'\n';
    let mut stdout = std::io::stdout().lock();
    stdout.write_all(&lines).expect("there is room for it");
    stdout.write_all(b"half a line").expect("it is buffered");
}

pub(crate) enum Subscriber {
    /// Each event is a mark.
    Marks,
    /// Each event is a line of standard output.
    Prints,
    Blocks,
    Panics,
    Slow,
    /// The last word takes a while of a processor, and is a mark then.
    Works,
    /// The same for longer than any that is only late.
    WorksForLong,
    /// A filter that lets only the program's own events through.
    Filters,
}

impl tracing::Subscriber for Subscriber {
    fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
        !(matches!(self, Self::Filters) && metadata.target() == "graceful")
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, event: &tracing::Event<'_>) {
        // tokio and mio have words of their own, on the program's threads.
        if event.metadata().target() == "graceful" {
            match self {
                Self::Marks => event.record(&mut TellsItsMessage(mark_lines)),
                Self::Works => event.record(&mut TellsItsMessage(|text| {
                    works(Duration::from_millis(500), text);
                })),
                Self::WorksForLong => event.record(&mut TellsItsMessage(|text| {
                    works(Duration::from_millis(2500), text);
                })),
                Self::Prints => event.record(&mut TellsItsMessage(|text| println!("log: {text}"))),
                Self::Blocks => std::thread::sleep(FOR_EVER),
                Self::Slow => std::thread::sleep(Duration::from_millis(15)),
                Self::Panics => panic!("the log is full"),
                Self::Filters => unreachable!("it is not enabled"),
            }
        }
    }

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

pub(crate) fn log_to(subscriber: Subscriber) {
    tracing::subscriber::set_global_default(subscriber).expect("it is the first one");
    ready_once_running();
}

fn works(time: Duration, text: &str) {
    if text.starts_with("stopped after") {
        spin(time);
        mark_lines(text);
    }
}

/// Takes a processor for so long.
fn spin(time: Duration) {
    let began = Instant::now();
    while began.elapsed() < time {
        spin_loop();
    }
}

fn mark_lines(text: &str) {
    for line in text.lines() {
        mark(&format!("log: {line}"));
    }
}

struct TellsItsMessage(fn(&str));

impl Visit for TellsItsMessage {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        if field.name() == "message" {
            (self.0)(&format!("{value:?}"));
        }
    }
}

/// Is given the report, as `FAULT_HOOK` says, beside a hook that marks what it was given.
pub(crate) fn hook_as_asked() {
    match std::env::var("FAULT_HOOK").as_deref() {
        Ok("blocks") => graceful::on_report(|_| std::thread::sleep(FOR_EVER)),
        Ok("panics") => graceful::on_report(|_| panic!("nobody wants to know")),
        Ok("takes its time") => {
            graceful::on_report(|_| std::thread::sleep(Duration::from_millis(230)));
        }
        Ok("works") => graceful::on_report(|_| spin(Duration::from_millis(500))),
        Ok("marks") => {}
        _ => return,
    }
    graceful::on_report(|report| {
        mark(&format!("reported {}", report.exit_code));
    });
}

/// The subscriber that `FAULT_LOG` names, whatever the fault is.
pub(crate) fn log_as_asked() {
    let subscriber = match std::env::var("FAULT_LOG").as_deref() {
        Ok("marks") => Subscriber::Marks,
        Ok("blocks") => Subscriber::Blocks,
        Ok("filters") => Subscriber::Filters,
        Ok("stdout") => Subscriber::Prints,
        Ok("works") => Subscriber::Works,
        Ok("works for long") => Subscriber::WorksForLong,
        _ => return,
    };
    tracing::subscriber::set_global_default(subscriber).expect("it is the first one");
}
