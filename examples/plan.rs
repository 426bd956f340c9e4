//! What will be closed, in which order and for how long at most, is known before anything runs.
//!
//! `cargo run --example plan` prints it as a table and as a Mermaid diagram; Ctrl-C carries it out.
//! With `timeout = "10s"` on `App` it would not compile: its fields need 16 s.

use graceful::Shutdown;
use tokio::task::JoinHandle;

#[derive(Shutdown)]
#[shutdown(timeout = "20s")]
struct App {
    #[shutdown(timeout = "10s")]
    http: JoinHandle<()>,
    #[shutdown]
    storage: Storage,
    #[shutdown(drop, timeout = "1s")]
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
        http: stand_in(),
        storage: Storage {
            writer: stand_in(),
            cache: stand_in(),
            pool: stand_in(),
        },
        scratch: tempfile::tempdir()?,
    })
}
