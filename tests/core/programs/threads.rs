//! Closes that block, and the threads that they take.

use crate::{argument, builder, kernel_counts, ms, number, ready_once_running, say};
use graceful::{Builder, Context, Embedded, Result, Shutdown};
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Blocks for the time that it holds, and before that until so many have begun.
struct Blocks {
    begun: usize,
    time: u64,
}

impl Shutdown for Blocks {
    async fn shutdown(self, _: Context) -> Result {
        // Counters of a test: no other memory is read by them.
        BEGUN.fetch_add(1, Ordering::Relaxed);
        while BEGUN.load(Ordering::Relaxed) < self.begun {
            thread::sleep(ms(5));
        }
        thread::sleep(ms(self.time));
        ENDED.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}

static BEGUN: AtomicUsize = AtomicUsize::new(0);
static ENDED: AtomicUsize = AtomicUsize::new(0);

#[derive(Shutdown)]
struct App {
    #[shutdown]
    files: Vec<Blocks>,
    #[shutdown(timeout = "5s", with = |(), _| async { say("closed db") })]
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

fn run(builder: Builder, begun: usize, time: u64) -> ExitCode {
    builder.run_state(async move {
        count_threads();
        ready_once_running();
        let files = (0..number()).map(|_| Blocks { begun, time }).collect();
        // Said before the process is gone, and after the files have had their time.
        graceful::defer("count", |_| async {
            say(&format!("ended: {}", ENDED.load(Ordering::Relaxed)));
        });
        Ok::<_, std::io::Error>(App { files, db: () })
    })
}

/// Thousands at the default cap: they are closed one wave after the other. The first waits until all threads
/// are stuck in it, however long a busy machine takes to start them.
pub(crate) fn blocks_in_many_closes() -> ExitCode {
    run(builder().timeout(ms(30_000)), 512, 100)
}

/// A few at a cap of their own.
pub(crate) fn blocks_in_a_few_closes() -> ExitCode {
    run(builder().timeout(ms(30_000)).max_closing_threads(4), 0, 50)
}

/// A field that never comes back, before one that closes.
#[derive(Shutdown)]
struct Stuck {
    #[shutdown(timeout = "300ms")]
    file: Blocks,
    #[shutdown(timeout = "3s", with = |(), _| async { say("closed db") })]
    db: (),
}

/// The same with all the time in the world.
#[derive(Shutdown)]
struct Patient {
    #[shutdown(timeout = "15s")]
    file: Blocks,
    #[shutdown(timeout = "3s", with = |(), _| async { say("closed db") })]
    db: (),
}

const FOR_EVER: Blocks = Blocks {
    begun: 0,
    time: 60_000,
};

fn never_closes<S: Shutdown>(state: S) -> ExitCode {
    builder().timeout(ms(20_000)).run_state(async move {
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

/// Whoever is given the report keeps it.
fn keep_the_report() {
    graceful::on_report(|_| thread::sleep(ms(60_000)));
    graceful::last_word("log", async |_cx| say("last word"));
}

pub(crate) fn hook_blocks() -> ExitCode {
    builder().timeout(ms(20_000)).run_state(async {
        keep_the_report();
        ready_once_running();
        let file = Blocks { begun: 0, time: 0 };
        Ok::<_, std::io::Error>(Patient { file, db: () })
    })
}

pub(crate) fn hook_blocks_without_a_thread() -> ExitCode {
    builder().timeout(ms(20_000)).run_state(async {
        keep_the_report();
        let file = Blocks { begun: 0, time: 0 };
        say("ready");
        Ok::<_, std::io::Error>(Patient { file, db: () })
    })
}

pub(crate) fn close_and_hook_block() -> ExitCode {
    builder().timeout(ms(20_000)).run_state(async {
        keep_the_report();
        ready_once_running();
        let file = FOR_EVER;
        Ok::<_, std::io::Error>(Patient { file, db: () })
    })
}

/// A close that never ends, and one behind it.
#[derive(Shutdown)]
struct Hosted {
    #[shutdown(timeout = "100ms", with = |(), _| std::future::pending::<()>())]
    hangs: (),
    #[shutdown(timeout = "5s", with = |(), _| async { say("closed db") })]
    db: (),
}

/// A service inside a program that owns its signals and its runtime.
pub(crate) fn in_a_host() -> ExitCode {
    let mut runtime = match &*argument(1) {
        "multi_thread" => tokio::runtime::Builder::new_multi_thread(),
        _ => tokio::runtime::Builder::new_current_thread(),
    };
    let runtime = runtime.worker_threads(2).enable_all().build();
    let report = runtime.expect("there are threads").block_on(async {
        let terminate = tokio::signal::unix::SignalKind::terminate();
        let mut asked = tokio::signal::unix::signal(terminate).expect("it may listen");
        let service = Embedded::new();
        service.run(Hosted { hangs: (), db: () });
        say("ready");
        asked.recv().await;
        service.stop(ms(10_000)).await
    });
    say(&report.to_string());
    ExitCode::from(report.exit_code)
}
