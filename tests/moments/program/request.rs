//! A service that leaves its registry at the request, while it still serves.

use crate::faulty::{Faulty, act};
use crate::{case, ready_once_running, say};
use graceful::{Handle, Phase, Result};
use std::process::ExitCode;

#[derive(graceful::Shutdown)]
struct App {
    #[shutdown(timeout = "300ms")]
    http: Faulty,
    #[shutdown(timeout = "300ms", at_request = Registry::leave, method = close)]
    registry: Registry,
    #[shutdown(timeout = "300ms")]
    db: Faulty,
}

struct Registry(String);

impl Registry {
    async fn leave(&self) -> Result {
        act("leave", &self.0).await
    }

    async fn close(self) -> Result {
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

pub(crate) fn run(flavor: &str) -> ExitCode {
    #[graceful::main(worker_threads = 2, timeout = "4s")]
    async fn main() -> Result<App> {
        start().await
    }
    mod current_thread {
        use super::{App, start};

        #[graceful::main(flavor = "current_thread", timeout = "4s")]
        pub(super) async fn main() -> graceful::Result<App> {
            start().await
        }
    }
    match flavor {
        "multi_thread" => main(),
        "current_thread" => current_thread::main(),
        _ => panic!("no flavor {flavor:?}"),
    }
}
