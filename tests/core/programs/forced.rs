//! A close that ends once the report of a forced exit has been said, before another.

use crate::{builder, ms, ready_once_running, say};
use graceful::{Context, Result, Shutdown, defer, last_word, on_report};
use std::process::ExitCode;
use std::sync::Arc;
use tokio::sync::Notify;
use tokio::time::sleep;

#[derive(Shutdown)]
struct App {
    #[shutdown(timeout = "15s")]
    http: Http,
    #[shutdown(timeout = "15s")]
    db: Db,
}

struct Http(Arc<Notify>);

impl Shutdown for Http {
    async fn shutdown(self, _: Context) -> Result {
        say("begun: http");
        self.0.notified().await;
        say("ended: http");
        Ok(())
    }
}

struct Db;

impl Shutdown for Db {
    async fn shutdown(self, _: Context) -> Result {
        say("begun: db");
        Ok(())
    }
}

/// Nothing is to close what is not begun either.
impl Drop for Db {
    fn drop(&mut self) {
        say("dropped: db");
    }
}

/// Ends with the report.
fn http() -> Http {
    let said = Arc::new(Notify::new());
    let tells = said.clone();
    on_report(move |_| tells.notify_one());
    // As long as that takes, the process is there.
    last_word("log", async |_cx| {
        sleep(ms(300)).await;
        say("last word");
    });
    ready_once_running();
    Http(said)
}

pub(crate) fn field() -> ExitCode {
    builder().timeout(ms(40_000)).run_state(async {
        Ok::<_, std::io::Error>(App {
            http: http(),
            db: Db,
        })
    })
}

pub(crate) fn deferred() -> ExitCode {
    builder().timeout(ms(40_000)).run_state(async {
        let (http, db) = (http(), Db);
        defer("db", |cx| db.shutdown(cx));
        defer("http", |cx| http.shutdown(cx));
        let service = tokio::spawn(graceful::requested());
        Ok::<_, std::io::Error>(service)
    })
}
