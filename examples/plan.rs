//! What will be closed, in which order and for how long at most, is known before anything runs.
//!
//! `cargo run --example plan` prints it as a table and as a Mermaid diagram; Ctrl-C carries it out.
//! With `timeout = "15s"` on `App` it would not compile:
//! `grpc 5s -> sagas 5s -> storage 5s -> scratch 1s = 16s, over the budget of 15s`.

use graceful::Shutdown;
use tokio::task::JoinHandle;

#[derive(Shutdown)]
#[shutdown(timeout = "20s")]
struct App {
    #[shutdown(timeout = "5s")]
    grpc: JoinHandle<()>,
    #[shutdown(timeout = "5s")]
    sagas: JoinHandle<()>,
    // Metrics and health are served until the sagas have ended.
    #[shutdown(timeout = "2s")]
    http: JoinHandle<()>,
    #[shutdown(timeout = "3s")]
    kafka: JoinHandle<()>,
    // It need not wait for `http` and `kafka`.
    #[shutdown(after(sagas))]
    storage: Storage,
    #[shutdown(drop, after(storage), timeout = "1s")]
    scratch: tempfile::TempDir,
}

#[derive(Shutdown)]
struct Storage {
    #[shutdown(timeout = "3s")]
    writer: JoinHandle<()>,
    #[shutdown(order = 0, timeout = "1s")]
    cache: JoinHandle<()>,
    #[shutdown(timeout = "2s")]
    pool: JoinHandle<()>,
}

#[graceful::main(report = "always")]
async fn main() -> std::io::Result<App> {
    println!("{}\n\n{}", App::PLAN, App::PLAN.mermaid());
    println!("stop me with Ctrl-C");
    let stand_in = || tokio::spawn(graceful::requested());
    Ok(App {
        grpc: stand_in(),
        sagas: stand_in(),
        http: stand_in(),
        kafka: stand_in(),
        storage: Storage {
            writer: stand_in(),
            cache: stand_in(),
            pool: stand_in(),
        },
        scratch: tempfile::tempdir()?,
    })
}
