//! A service that systemd is told of, until its one thread is blocked.

use std::time::Duration;

#[graceful::main(flavor = "current_thread", timeout = "2s")]
pub(crate) async fn main() -> tokio::task::JoinHandle<()> {
    graceful::systemd::notify();
    tokio::spawn(async {
        tokio::time::sleep(Duration::from_secs(2)).await;
        println!("blocked from here on");
        std::thread::sleep(Duration::from_secs(90));
    })
}
