//! A queue inside the process: its consumer, and one as it is written by hand.

use crate::journal::Journal;
use graceful_clients::consumer::Consumer;
use graceful_clients::queue::{self, Queue};
use std::process::{ExitCode, Termination as _};
use std::sync::Arc;

pub(crate) fn run(case: &str) -> ExitCode {
    match case {
        "consumer" => consumer::main().report(),
        "by-hand" => {
            by_hand::main();
            ExitCode::SUCCESS
        }
        case => panic!("no case {case:?}"),
    }
}

mod consumer {
    use super::{Arc, Consumer, Journal, Queue, queue};
    use tokio::task::JoinHandle;

    #[derive(graceful::Shutdown)]
    pub(super) struct Service {
        #[shutdown(timeout = "1s")]
        load: JoinHandle<()>,
        #[shutdown(timeout = "4s")]
        consumer: Consumer,
    }

    #[graceful::main(timeout = "8s", report = "always")]
    pub(super) async fn main() -> Service {
        let (queue, source) = queue::bounded(100);
        let journal = Arc::new(Journal::open());
        let consumer =
            Consumer::of(source)
                .concurrency(16)
                .run("numbers", move |number: Arc<u32>| {
                    let journal = journal.clone();
                    async move { journal.process(number.to_string().as_bytes()).await }
                });
        let load = tokio::spawn(load(queue));
        println!("ready");
        Service { load, consumer }
    }

    /// Sends on, and prints how many were accepted.
    async fn load(queue: Queue<u32>) {
        let mut accepted = 0;
        while !graceful::is_requested() {
            if queue.send(accepted).await.is_err() {
                break;
            }
            accepted += 1;
        }
        println!("accepted {accepted}");
    }
}

/// What many programs do: the loop returns when it hears of the signal, and a task for each item.
mod by_hand {
    use super::Journal;
    use tokio::signal::unix::{SignalKind, signal};
    use tokio::sync::mpsc;

    #[tokio::main]
    pub(super) async fn main() {
        let (queue, mut items) = mpsc::channel::<u32>(100);
        let journal = Journal::open();
        let mut terminate = signal(SignalKind::terminate()).expect("a handler");
        let load = tokio::spawn(async move {
            let mut accepted = 0;
            while queue.send(accepted).await.is_ok() {
                accepted += 1;
            }
            println!("accepted {accepted}");
        });
        println!("ready");
        loop {
            tokio::select! {
                _ = terminate.recv() => break,
                Some(number) = items.recv() => {
                    let journal = journal.clone();
                    tokio::spawn(async move { journal.process(number.to_string().as_bytes()).await });
                }
            }
        }
        drop(items);
        let _ = load.await;
    }
}
