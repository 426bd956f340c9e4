//! A server with a hard way to stop.

use crate::faulty::{FOR_EVER, Faulty, act};
use crate::{case, ready_once_running, say};
use graceful::{Context, Result};
use std::process::ExitCode;

#[derive(graceful::Shutdown)]
struct App {
    #[shutdown(timeout = "800ms", method = drain, force = stop)]
    grpc: Server,
    #[shutdown(timeout = "800ms", force = stop)]
    shared: Shared,
    #[shutdown(timeout = "300ms")]
    db: Faulty,
}

/// Of one's own: what its close has not taken is forced.
struct Server {
    drain: String,
    stop: String,
}

impl Server {
    async fn drain(&mut self) -> Result {
        act("drain", &self.drain).await
    }

    async fn stop(self) -> Result {
        act("stop", &self.stop).await
    }
}

/// A handle: its close is given one, and another is left.
#[derive(Clone)]
struct Shared(String);

impl Shared {
    fn stop(&self) {
        say(&format!("done: stop of the handle, {}", self.0));
    }
}

impl graceful::Shutdown for Shared {
    async fn shutdown(self, _cx: Context) -> Result {
        match &*self.0 {
            "the handle blocks" => std::thread::sleep(FOR_EVER),
            "the handle hangs" => std::future::pending().await,
            _ => {}
        }
        Ok(())
    }
}

async fn start() -> App {
    let case = case();
    let (drain, stop) = case.split_once(", ").unwrap_or((&case, "closes"));
    let app = App {
        grpc: Server {
            drain: drain.to_owned(),
            stop: stop.to_owned(),
        },
        shared: Shared(case.clone()),
        db: Faulty("closes".to_owned()),
    };
    ready_once_running();
    app
}

pub(crate) fn run(flavor: &str) -> ExitCode {
    #[graceful::main(worker_threads = 2, timeout = "4s")]
    async fn main() -> App {
        start().await
    }
    mod current_thread {
        use super::{App, start};

        #[graceful::main(flavor = "current_thread", timeout = "4s")]
        pub(super) async fn main() -> App {
            start().await
        }
    }
    match flavor {
        "multi_thread" => main(),
        "current_thread" => current_thread::main(),
        _ => panic!("no flavor {flavor:?}"),
    }
}
