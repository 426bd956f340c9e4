//! A table as a library of C has it: an exit handler frees it, and a thread that was left behind still uses it.

use crate::{builder, ms, ready_once_running, say};
use graceful::{Context, Result, Shutdown};
use shutdown_hooks::add_shutdown_hook;
use signal_hook::consts::SIGSEGV;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

static IS_FREED: AtomicBool = AtomicBool::new(false);

extern "C" fn free_the_table() {
    IS_FREED.store(true, Ordering::SeqCst);
    // Long enough for whoever uses it to do so.
    thread::sleep(ms(300));
    say("freed");
}

fn use_the_table() {
    loop {
        if IS_FREED.load(Ordering::SeqCst) {
            // What the memory of a table that is gone gives.
            let _ = signal_hook::low_level::raise(SIGSEGV);
        }
        thread::sleep(ms(1));
    }
}

struct Table;

impl Shutdown for Table {
    async fn shutdown(self, _cx: Context) -> Result {
        use_the_table();
        Ok(())
    }
}

#[derive(Shutdown)]
struct App {
    #[shutdown(timeout = "100ms")]
    table: Table,
}

/// Its close does not come back.
pub(crate) fn close() -> ExitCode {
    assert!(add_shutdown_hook(free_the_table), "libc takes it");
    // Not flushed by a newline.
    print!("a last word");
    builder().timeout(ms(20_000)).run_state(async {
        ready_once_running();
        Ok::<_, std::io::Error>(App { table: Table })
    })
}

/// Everything is closed, and what is closed last does not come back.
pub(crate) fn last_word() -> ExitCode {
    assert!(add_shutdown_hook(free_the_table), "libc takes it");
    builder().timeout(ms(20_000)).run_state(async {
        graceful::last_word("table", async |_cx| use_the_table());
        ready_once_running();
        Ok::<_, std::io::Error>(tokio::spawn(graceful::requested()))
    })
}

/// Everything is closed, and work that nobody waits for goes on.
pub(crate) fn blocking_work() -> ExitCode {
    assert!(add_shutdown_hook(free_the_table), "libc takes it");
    let builder = builder().timeout(ms(20_000)).blocking_grace(ms(50));
    builder.run_state(async {
        tokio::task::spawn_blocking(use_the_table);
        ready_once_running();
        Ok::<_, std::io::Error>(tokio::spawn(graceful::requested()))
    })
}

/// Nothing is left, and the handler runs as in any process.
pub(crate) fn nothing() -> ExitCode {
    assert!(add_shutdown_hook(free_the_table), "libc takes it");
    builder().timeout(ms(20_000)).run_state(async {
        ready_once_running();
        Ok::<_, std::io::Error>(tokio::spawn(graceful::requested()))
    })
}
