//! A server with a hard way to stop.

use crate::faulty::{FOR_EVER, Faulty, act};
use crate::{case, ready_once_running, say, shared};
use graceful::{Context, Result};
use std::process::ExitCode;
use std::sync::{Arc, Mutex};

#[derive(graceful::Shutdown)]
struct App {
    #[shutdown(timeout = "4s", method = drain, force = stop)]
    grpc: Server,
    #[shutdown(timeout = "4s", force = stop)]
    shared: Shared,
    #[shutdown(timeout = "4s")]
    db: Faulty,
}

/// The same, which others hold too: what forces reaches the field as its close does.
#[derive(graceful::Shutdown)]
#[shutdown(shared)]
struct Held {
    #[shutdown(timeout = "4s", method = drain_it, force = stop_it)]
    grpc: Server,
    #[shutdown(timeout = "4s", force = stop)]
    shared: Shared,
    #[shutdown(timeout = "4s")]
    db: Mutex<Option<Faulty>>,
}

/// Of one's own: what its close has not taken is forced.
struct Server {
    drain: String,
    stop: String,
}

impl Server {
    async fn drain(&mut self) -> Result {
        self.drain_it().await
    }

    async fn drain_it(&self) -> Result {
        act("drain", &self.drain).await
    }

    async fn stop(self) -> Result {
        self.stop_it().await
    }

    async fn stop_it(&self) -> Result {
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

impl Held {
    fn of(app: App) -> Arc<Self> {
        shared(Self {
            grpc: app.grpc,
            shared: app.shared,
            db: Mutex::new(Some(app.db)),
        })
    }
}

pub(crate) fn run(flavor: &str) -> ExitCode {
    #[graceful::main(worker_threads = 2, timeout = "15s")]
    async fn main() -> App {
        start().await
    }
    mod current_thread {
        use super::{App, start};

        #[graceful::main(flavor = "current_thread", timeout = "15s")]
        pub(super) async fn main() -> App {
            start().await
        }
    }
    mod shared {
        use super::{Held, start};
        use std::sync::Arc;

        #[graceful::main(worker_threads = 2, timeout = "15s")]
        pub(super) async fn main() -> Arc<Held> {
            Held::of(start().await)
        }
    }
    match flavor {
        "multi_thread" => main(),
        "current_thread" => current_thread::main(),
        "shared" => shared::main(),
        _ => panic!("no flavor {flavor:?}"),
    }
}
