//! Tasks that are spawned by hand, and what becomes of them at the end.

use crate::{case, ready_once_running};
use graceful::Tracker;
use std::future::pending;
use std::process::ExitCode;
use std::time::Duration;

#[derive(graceful::Shutdown)]
struct App {
    #[shutdown(timeout = "1s")]
    jobs: Tracker,
}

/// An alias, so that the attribute sees a state in it.
type Ended = Result<ExitCode, graceful::Error>;

async fn start() -> App {
    let jobs = Tracker::new();
    match &*case() {
        "two tasks" => {
            tokio::spawn(pending::<()>());
            tokio::spawn(pending::<()>());
        }
        "tasks that listen" => {
            for _ in 0..100 {
                tokio::spawn(graceful::requested());
            }
        }
        "a task that ends late" => {
            tokio::spawn(async {
                graceful::requested().await;
                std::thread::sleep(Duration::from_millis(30));
            });
        }
        "tracked tasks" => {
            for _ in 0..100 {
                drop(jobs.spawn(pending::<()>()));
            }
        }
        _ => {}
    }
    ready_once_running();
    App { jobs }
}

pub(crate) fn run(flavor: &str) -> ExitCode {
    #[graceful::main(worker_threads = 2, timeout = "5s", report = "always")]
    async fn main() -> App {
        start().await
    }
    mod current_thread {
        use super::{App, start};

        #[graceful::main(flavor = "current_thread", timeout = "5s", report = "always")]
        pub(super) async fn main() -> App {
            start().await
        }
    }
    mod strict {
        use super::{App, start};

        #[graceful::main(timeout = "5s", leaked_tasks = "fail")]
        pub(super) async fn main() -> App {
            start().await
        }
    }
    mod strict_returns {
        use super::{Ended, start};

        #[graceful::main(timeout = "5s", leaked_tasks = "fail")]
        pub(super) async fn main() -> Ended {
            drop(start().await);
            Ok(std::process::ExitCode::SUCCESS)
        }
    }
    /// As under `#[tokio::main]`.
    #[graceful::main(timeout = "5s")]
    async fn returns() {
        drop(start().await);
    }
    match flavor {
        "multi_thread" => main(),
        "current_thread" => current_thread::main(),
        "strict" => strict::main(),
        "strict returns" => strict_returns::main(),
        "returns" => {
            returns();
            ExitCode::SUCCESS
        }
        _ => panic!("no flavor {flavor:?}"),
    }
}
