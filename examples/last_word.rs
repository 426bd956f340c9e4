//! The log has the end of the stop, however that comes: its guard is the last word.
//!
//! `cargo run --example last_word`, then Ctrl-C, once or twice; or `-- fail` for a start that fails. Then look at the file
//! that it names: its last lines are the timeline, with the exit code.

use std::error::Error;
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio::time::sleep;
use tracing_appender::non_blocking;

#[derive(graceful::Shutdown)]
struct App {
    #[shutdown(timeout = "5s")]
    worker: JoinHandle<()>,
}

#[graceful::main]
async fn main() -> Result<App, Box<dyn Error>> {
    let log = std::env::temp_dir().join("last_word.log");
    println!("the log is {}", log.display());
    let file = std::fs::File::create(log)?;
    let (writer, guard) = non_blocking(file);
    tracing_subscriber::fmt()
        .with_ansi(false)
        .with_writer(writer)
        .init();
    // Opened before there is a state. A guard that the state holds is marked `#[shutdown(last)]`.
    graceful::last_word("log", async move |_cx| drop(guard));

    if std::env::args().any(|arg| arg == "fail") {
        return Err("no configuration".into());
    }
    println!("running: stop me with Ctrl-C");
    let worker = tokio::spawn(async {
        graceful::requested().await;
        tracing::info!("the worker is writing its last page");
        sleep(Duration::from_secs(3)).await;
    });
    Ok(App { worker })
}
