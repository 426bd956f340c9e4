//! A program that logs by `log`, as those of Rocket and of `env_logger` do.

use crate::{builder, ready_once_running};
use log::{LevelFilter, Log, Metadata, Record};
use std::io::{self, Write as _};
use std::process::ExitCode;

struct ToStderr;

impl Log for ToStderr {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &Record<'_>) {
        let line = format!(
            "[{} {}] {}\n",
            record.level(),
            record.target(),
            record.args()
        );
        io::stderr().write_all(line.as_bytes()).expect("it is read");
    }

    fn flush(&self) {}
}

pub(crate) fn is_set() -> ExitCode {
    log::set_logger(&ToStderr).expect("it is the only one");
    log::set_max_level(LevelFilter::Info);
    builder().run_state(async {
        ready_once_running();
        Ok::<_, io::Error>(vec![graceful::Tracker::new()])
    })
}
