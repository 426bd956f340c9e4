//! An idle service that has nothing to close: its body ends with the stop.

#[graceful::main]
async fn main() {
    println!("ready");
    graceful::requested().await;
}
