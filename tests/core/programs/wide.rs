//! States with as many closes as anybody has.

use crate::{builder, ms, number, ready_once_running, say};
use graceful::{Context, Result, Shutdown};
use std::future::pending;
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

struct Hangs;

impl Shutdown for Hangs {
    async fn shutdown(self, _: Context) -> Result {
        static BEGUN: AtomicUsize = AtomicUsize::new(0);

        // Relaxed: it counts, and publishes nothing.
        if BEGUN.fetch_add(1, Ordering::Relaxed) == 20_000 {
            say("more than 20000 hang");
        }
        pending().await
    }
}

#[derive(Shutdown)]
struct Session {
    #[shutdown(timeout = "500ms")]
    socket: Hangs,
}

#[derive(Shutdown)]
struct App<T: Shutdown> {
    #[shutdown]
    many: Vec<T>,
    #[shutdown(timeout = "3s", with = |(), _| async { say("closed db") })]
    db: (),
}

pub(crate) fn hangs() -> ExitCode {
    run(|| Session { socket: Hangs })
}

struct AtOnce;

impl Shutdown for AtOnce {
    async fn shutdown(self, _: Context) -> Result {
        Ok(())
    }
}

pub(crate) fn end_at_once() -> ExitCode {
    run(|| AtOnce)
}

fn run<T: Shutdown>(item: fn() -> T) -> ExitCode {
    // The last one counts. As a step of its own it would have a limit, at which a busy machine cuts it.
    thread::spawn(|| {
        loop {
            say(&format!("cpu: {}", cpu_ms()));
            thread::sleep(ms(20));
        }
    });
    builder().timeout(ms(20_000)).run_state(async move {
        ready_once_running();
        let many = (0..number()).map(|_| item()).collect();
        Ok::<_, std::io::Error>(App { many, db: () })
    })
}

/// The milliseconds of CPU that this process has used: of a busy machine no more than of an idle one.
fn cpu_ms() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").expect("Linux has it");
    let (_, behind_its_name) = stat.rsplit_once(')').expect("it has a name");
    let ticks = behind_its_name.split_whitespace().skip(11).take(2);
    // A tick is 10 ms wherever Linux runs.
    ticks
        .map(|ticks| 10 * ticks.parse::<u64>().expect("a number"))
        .sum()
}
