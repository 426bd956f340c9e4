//! A service in paused time.

use crate::{ms, say};
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio::time::sleep;

#[derive(graceful::Shutdown)]
struct App {
    #[shutdown(timeout = "5s")]
    worker: JoinHandle<()>,
    #[shutdown(timeout = "5s", with = |(), _| async { say("closed db") })]
    db: (),
}

#[graceful::main(flavor = "current_thread", start_paused = true, report = "always")]
pub(crate) async fn main() -> App {
    sleep(Duration::from_mins(1)).await;
    let requested = graceful::requested();
    let worker = tokio::spawn(async move {
        requested.await;
        sleep(ms(100)).await;
        say("closed worker");
    });
    tokio::spawn(async {
        sleep(Duration::from_hours(1)).await;
        graceful::request("the licence has expired");
    });
    App { worker, db: () }
}
