//! A queue that is emptied before the process ends: its producer stops first, which ends the queue.
//!
//! `cargo run --example worker`, then Ctrl-C: the producer says how many jobs it sent, the worker,
//! who is slower, goes on until it has done as many. Exit code 0.

use std::time::Duration;
use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio::task::JoinHandle;
use tokio::time::sleep;

#[derive(graceful::Shutdown)]
struct App {
    #[shutdown(timeout = "1s")]
    producer: JoinHandle<()>,
    #[shutdown(timeout = "20s")]
    worker: JoinHandle<()>,
}

#[graceful::main(report = "always")]
async fn main() -> App {
    println!("working: stop me with Ctrl-C");
    let (queue, jobs) = mpsc::channel(50);
    App {
        producer: tokio::spawn(produce(queue)),
        worker: tokio::spawn(work(jobs)),
    }
}

async fn produce(queue: Sender<u32>) {
    let mut sent = 0;
    while !graceful::is_requested() && queue.send(sent).await.is_ok() {
        sent += 1;
        next_job().await;
    }
    println!("sent {sent} jobs");
}

async fn next_job() {
    sleep(Duration::from_millis(50)).await;
}

/// Needs no word of the stop: the queue ends once its last sender is gone.
async fn work(mut jobs: Receiver<u32>) {
    let mut done = 0;
    while let Some(_job) = jobs.recv().await {
        sleep(Duration::from_millis(100)).await;
        done += 1;
    }
    println!("did {done} jobs");
}
