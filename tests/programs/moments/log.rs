//! A log in the file that `MOMENTS_LOG` names: by a thread, whose guard has to be dropped for the last lines to arrive,
//! or straight.

use std::fs::File;
use std::io::{self, Write};
use std::sync::Mutex;
use std::time::Duration;
use tracing_appender::non_blocking::WorkerGuard;

/// A disk that takes its time: without anybody who waits for it, the last lines are lost.
struct Slow(File);

impl Write for Slow {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        std::thread::sleep(Duration::from_millis(4));
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

fn file() -> Slow {
    let path = std::env::var_os("MOMENTS_LOG").expect("MOMENTS_LOG names a file");
    Slow(File::create(path).expect("it can be created"))
}

/// A guard where a thread writes.
pub(crate) fn to_file() -> Option<WorkerGuard> {
    let subscriber = tracing_subscriber::fmt().with_ansi(false).without_time();
    if std::env::var_os("MOMENTS_STRAIGHT").is_some() {
        subscriber.with_writer(Mutex::new(file())).init();
        return None;
    }
    let (writer, guard) = tracing_appender::non_blocking(file());
    subscriber.with_writer(writer).init();
    Some(guard)
}
