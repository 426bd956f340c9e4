//! Every option of `#[tokio::main]`, and ours.

#![deny(warnings)]
#![allow(dead_code)]

#[graceful::main(flavor = "multi_thread", worker_threads = 2usize, name = "rt",)]
async fn multi_thread() {}

#[graceful::main(FLAVOR = "current_thread", crate = "graceful")]
async fn current_thread() {}

#[graceful::main(flavor = "local", start_paused = true)]
async fn local() {}

#[graceful::main(
    timeout = "1m30s",
    delay = "0s",
    grace = "2m",
    pre_stop = "30s",
    blocking_grace = "500ms",
    signals(SIGINT, SIGTERM, SIGHUP, SIGQUIT),
    report = "always",
    report_file = "/dev/termination-log"
)]
async fn ours() {}

#[graceful::main(signals(), report = "unclean", listens = false)]
async fn no_signals() {}

#[graceful::test(flavor = "multi_thread", worker_threads = 1, timeout = "1s")]
async fn test() {}

#[graceful::test(start_paused = true)]
async fn paused() {}

#[cfg_attr(all(), graceful::main)]
async fn main() {}
