//! A service that leaves its registry at the request, while it still serves.

use crate::faulty::{Faulty, act};
use crate::{case, ready_once_running, say, shared};
use graceful::{Handle, Phase, Result};
use std::process::ExitCode;
use std::sync::{Arc, Mutex};
use std::time::Duration;

#[derive(graceful::Shutdown)]
struct App {
    #[shutdown(timeout = "4s")]
    http: Faulty,
    #[shutdown(timeout = "4s", at_request = Registry::leave, method = close)]
    registry: Registry,
    #[shutdown(timeout = "4s")]
    db: Faulty,
}

/// The same, which others hold too.
#[derive(graceful::Shutdown)]
#[shutdown(shared)]
struct Shared {
    #[shutdown(timeout = "4s")]
    http: Mutex<Option<Faulty>>,
    #[shutdown(timeout = "4s", at_request = Registry::leave, method = end)]
    registry: Registry,
    #[shutdown(timeout = "4s")]
    db: Mutex<Option<Faulty>>,
}

struct Registry(String);

impl Registry {
    async fn leave(&self) -> Result {
        act("leave", &self.0).await
    }

    async fn close(self) -> Result {
        self.end().await
    }

    async fn end(&self) -> Result {
        act("registry", "closes").await
    }
}

async fn running() {
    Handle::current().reached(Phase::Running).await;
}

async fn start() -> Result<App> {
    let case = case();
    tokio::spawn(async {
        graceful::draining().await;
        say("draining");
    });
    tokio::spawn(async {
        graceful::requested().await;
        say("requested");
    });
    match &*case {
        "asks for it before it has its state" => {
            graceful::request("it is enough");
            // In one poll: a start-up that awaits something here is dropped.
            std::thread::sleep(Duration::from_millis(200));
        }
        "asks for it" => drop(tokio::spawn(async {
            running().await;
            graceful::request("it is enough");
        })),
        "loses its consumer" => drop(tokio::spawn(graceful::critical("consumer", running()))),
        "fails to start" => return Err("no configuration".into()),
        _ => ready_once_running(),
    }
    let closes = || Faulty("closes".to_owned());
    Ok(App {
        http: closes(),
        registry: Registry(case),
        db: closes(),
    })
}

impl Shared {
    fn of(app: App) -> Arc<Self> {
        shared(Self {
            http: Mutex::new(Some(app.http)),
            registry: app.registry,
            db: Mutex::new(Some(app.db)),
        })
    }
}

pub(crate) fn run(flavor: &str) -> ExitCode {
    #[graceful::main(worker_threads = 2, timeout = "15s")]
    async fn main() -> Result<App> {
        start().await
    }
    mod current_thread {
        use super::{App, start};

        #[graceful::main(flavor = "current_thread", timeout = "15s")]
        pub(super) async fn main() -> graceful::Result<App> {
            start().await
        }
    }
    mod shared {
        use super::{Shared, start};
        use std::sync::Arc;

        #[graceful::main(worker_threads = 2, timeout = "15s")]
        pub(super) async fn main() -> graceful::Result<Arc<Shared>> {
            Ok(Shared::of(start().await?))
        }
    }
    match flavor {
        "multi_thread" => main(),
        "current_thread" => current_thread::main(),
        "shared" => shared::main(),
        _ => panic!("no flavor {flavor:?}"),
    }
}
