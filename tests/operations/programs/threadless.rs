//! A service that systemd is told of, where no thread is to be had any more.

use std::process::{Command, id};

#[graceful::main(flavor = "current_thread")]
pub(crate) async fn main() {
    let process = id().to_string();
    let limited = Command::new("prlimit")
        .args(["--pid", &process, "--nproc=1:1"])
        .status();
    assert!(limited.expect("it is there").success());
    println!("somebody listens: {}", graceful::systemd::notify());
}
