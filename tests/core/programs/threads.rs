//! Closes that block, and the threads that they take.

use crate::{builder, kernel_counts, ms, number, ready_once_running, say};
use graceful::{Context, Result, Shutdown};
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Blocks for the time that it holds.
struct Blocks(u64);

impl Shutdown for Blocks {
    async fn shutdown(self, _: Context) -> Result {
        thread::sleep(ms(self.0));
        ended();
        Ok(())
    }
}

static ENDED: AtomicUsize = AtomicUsize::new(0);

fn ended() {
    ENDED.fetch_add(1, Ordering::Relaxed);
}

#[derive(Shutdown)]
struct App {
    #[shutdown]
    files: Vec<Blocks>,
    #[shutdown(timeout = "500ms", with = |(), _| async { say("closed db") })]
    db: (),
}

/// Looks at the number of threads while they close.
fn count_threads() {
    let requested = graceful::Handle::current();
    thread::spawn(move || {
        let mut most = 0;
        loop {
            if requested.is_requested() {
                let now = kernel_counts("Threads:");
                if now > most {
                    most = now;
                    say(&format!("threads: {most}"));
                }
            }
            thread::sleep(ms(5));
        }
    });
}

fn run(blocks: u64, most: Option<usize>) -> ExitCode {
    let mut builder = builder().timeout(ms(4000));
    if let Some(most) = most {
        builder = builder.max_closing_threads(most);
    }
    builder.run_state(async move {
        count_threads();
        ready_once_running();
        let files = (0..number()).map(|_| Blocks(blocks)).collect();
        // Said before the process is gone, and after the files have had their time.
        graceful::defer("count", |_| async {
            say(&format!("ended: {}", ENDED.load(Ordering::Relaxed)));
        });
        Ok::<_, std::io::Error>(App { files, db: () })
    })
}

/// Thousands at the default cap: they are closed one wave after the other, for as long as there is time.
pub(crate) fn blocks_in_many_closes() -> ExitCode {
    run(300, None)
}

/// A few at a cap of their own.
pub(crate) fn blocks_in_a_few_closes() -> ExitCode {
    run(50, Some(4))
}

/// A field that never comes back, before one that closes.
#[derive(Shutdown)]
struct Stuck {
    #[shutdown(timeout = "300ms")]
    file: Blocks,
    #[shutdown(timeout = "300ms", with = |(), _| async { say("closed db") })]
    db: (),
}

/// The same with all the time in the world.
#[derive(Shutdown)]
struct Patient {
    #[shutdown(timeout = "4s")]
    file: Blocks,
    #[shutdown(timeout = "300ms", with = |(), _| async { say("closed db") })]
    db: (),
}

const FOR_EVER: Blocks = Blocks(60_000);

fn never_closes<S: Shutdown>(state: S) -> ExitCode {
    builder().timeout(ms(5000)).run_state(async move {
        ready_once_running();
        Ok::<_, std::io::Error>(state)
    })
}

pub(crate) fn blocks_past_its_limit() -> ExitCode {
    never_closes(Stuck {
        file: FOR_EVER,
        db: (),
    })
}

pub(crate) fn blocks_within_its_limit() -> ExitCode {
    never_closes(Patient {
        file: FOR_EVER,
        db: (),
    })
}
