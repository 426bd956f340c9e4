//! A start-up with a migration that is not to be cut.

use crate::faulty::act;
use crate::{case, ready, ready_once_running, say};
use graceful::Result;
use std::process::ExitCode;
use std::time::Duration;
use tokio::time::sleep;

#[derive(graceful::Shutdown)]
struct App {
    #[shutdown(drop)]
    name: String,
}

/// Two statements that belong together. The signal comes between them.
async fn migrate() -> Result {
    let signal = graceful::draining();
    ready();
    signal.await;
    sleep(Duration::from_millis(300)).await;
    act("migration", &case()).await
}

async fn start() -> Result<App> {
    graceful::defer("pool", |_cx| act("pool", "closes")).timeout(Duration::from_secs(1));
    match &*case() {
        "in a task" => {
            let migration = tokio::spawn(graceful::shield("migrate", migrate()));
            migration.await??;
        }
        "beside another" => {
            let other = async {
                graceful::draining().await;
                graceful::shield("other", async { say("began: other") }).await;
            };
            tokio::join!(graceful::shield("migrate", migrate()), other).0?;
        }
        "goes on" => {
            graceful::shield("migrate", async { say("done: migration") }).await;
            ready_once_running();
        }
        _ => graceful::shield("migrate", migrate()).await?,
    }
    say("began: what follows");
    let name = "orders".to_owned();
    Ok(App { name })
}

pub(crate) fn run(flavor: &str) -> ExitCode {
    #[graceful::main(worker_threads = 2, timeout = "4s", report = "always")]
    async fn main() -> Result<App> {
        start().await
    }
    mod current_thread {
        use super::{App, start};

        #[graceful::main(flavor = "current_thread", timeout = "4s", report = "always")]
        pub(super) async fn main() -> graceful::Result<App> {
            start().await
        }
    }
    /// It handles no signal, and returns no state.
    #[graceful::main(timeout = "4s", listens = false, report = "always")]
    async fn deaf() -> Result {
        graceful::shield("migrate", migrate()).await?;
        say("began: what follows");
        Ok(())
    }
    match (flavor, &*case()) {
        (_, "deaf") => match deaf() {
            Ok(()) => ExitCode::SUCCESS,
            Err(_) => ExitCode::FAILURE,
        },
        ("multi_thread", _) => main(),
        ("current_thread", _) => current_thread::main(),
        _ => panic!("no flavor {flavor:?}"),
    }
}
