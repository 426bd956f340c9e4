//! What runs after the last line of `main`, and never returns.

use crate::{builder, ms, number, ready_once_running, say};
use shutdown_hooks::add_shutdown_hook;
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

/// Long enough for every test to have failed.
const FOR_EVER: Duration = Duration::from_mins(1);

/// As the library of a driver or of a profiler registers it.
extern "C" fn never_returns() {
    say("in the exit handler");
    thread::sleep(FOR_EVER);
}

/// A service that closes well within its budget.
fn serve() -> ExitCode {
    builder().timeout(ms(number() as u64)).run_state(async {
        ready_once_running();
        Ok::<_, std::io::Error>(tokio::spawn(graceful::requested()))
    })
}

pub(crate) fn exit_handler() -> ExitCode {
    assert!(add_shutdown_hook(never_returns), "libc takes it");
    serve()
}

pub(crate) fn exit_handler_after_exit() -> ExitCode {
    assert!(add_shutdown_hook(never_returns), "libc takes it");
    // A function of which the process ends by `exit` alone.
    builder().timeout(ms(number() as u64)).run(async {
        say("ready");
        graceful::exit(3).await
    })
}

struct NeverLetsGo;

impl Drop for NeverLetsGo {
    fn drop(&mut self) {
        say("in the thread-local's drop");
        thread::sleep(FOR_EVER);
    }
}

thread_local! {
    static HELD: NeverLetsGo = const { NeverLetsGo };
}

pub(crate) fn thread_local() -> ExitCode {
    HELD.with(|_| ());
    serve()
}
