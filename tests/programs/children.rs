//! A service with child processes: `children <state> <what the child does> [group]`. It is its own children too.
//!
//! What they hear stands on standard output, which is the service's.

use graceful::Shutdown;
use std::process::ExitCode;
use std::time::Duration;
use tokio::io::AsyncReadExt as _;
use tokio::process::{Child, Command};
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::sleep;

#[derive(Shutdown)]
struct One {
    #[shutdown(timeout = "8s")]
    child: Child,
    #[shutdown]
    db: Db,
}

#[derive(Shutdown)]
struct Several {
    #[shutdown(timeout = "8s")]
    workers: Vec<Child>,
    #[shutdown]
    none: Option<Child>,
    #[shutdown]
    some: Option<Child>,
}

struct Db;

impl Shutdown for Db {
    async fn shutdown(self, _cx: graceful::Context) -> graceful::Result {
        println!("db closed");
        Ok(())
    }
}

fn main() -> ExitCode {
    let [state, does, group] = [1, 2, 3].map(|at| std::env::args().nth(at).unwrap_or_default());
    let spawn = async move || start(&does, group == "group").await;
    match &*state {
        "child" => {
            child();
            ExitCode::SUCCESS
        }
        "one" => service().run_state(async move {
            let child = spawn().await?;
            println!("ready");
            Ok::<_, std::io::Error>(One { child, db: Db })
        }),
        "several" => service().run_state(async move {
            let state = Several {
                workers: vec![spawn().await?, spawn().await?],
                none: None,
                some: Some(spawn().await?),
            };
            println!("ready");
            Ok::<_, std::io::Error>(state)
        }),
        _ => panic!("no state {state:?}"),
    }
}

fn service() -> graceful::Builder {
    graceful::Builder::multi_thread().timeout(Duration::from_secs(12))
}

/// Once it has said that it listens.
async fn start(does: &str, in_group: bool) -> std::io::Result<Child> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["child", does]);
    if in_group {
        command.process_group(0);
    }
    let mut child = command.stderr(std::process::Stdio::piped()).spawn()?;
    let mut listens = [0];
    if let Some(stderr) = &mut child.stderr {
        stderr.read_exact(&mut listens).await?;
    }
    Ok(child)
}

#[tokio::main(flavor = "current_thread")]
async fn child() {
    let does = std::env::args().nth(2).unwrap_or_default();
    let mut asked = signal(SignalKind::terminate()).expect("a handler");
    let mut interrupted = signal(SignalKind::interrupt()).expect("a handler");
    println!("child {}", std::process::id());
    eprint!("!");
    if does == "is gone" {
        return;
    }
    loop {
        // A terminal's comes first, and both may be there before this is polled.
        tokio::select! {
            biased;
            _ = interrupted.recv() => println!("child heard SIGINT"),
            _ = asked.recv() => println!("child heard SIGTERM"),
        }
        if does == "ends" {
            // What it had to write.
            sleep(Duration::from_millis(100)).await;
            println!("child ends");
            return;
        }
    }
}
