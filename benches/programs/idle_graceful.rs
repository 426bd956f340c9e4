//! An idle service with a state: a task that waits for the stop.

#[graceful::main]
async fn main() -> tokio::task::JoinHandle<()> {
    let task = tokio::spawn(graceful::requested());
    println!("ready");
    task
}
