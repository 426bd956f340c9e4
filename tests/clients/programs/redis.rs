//! `redis`: a connection under load.

use redis::AsyncCommands as _;
use redis::aio::MultiplexedConnection;
use std::process::{ExitCode, Termination as _};
use tokio::task::JoinHandle;

pub(crate) fn run(case: &str) -> ExitCode {
    match case {
        "multiplexed" => multiplexed::main().report(),
        case => panic!("no case {case:?}"),
    }
}

#[derive(graceful::Shutdown)]
struct Service {
    #[shutdown(timeout = "2s")]
    load: JoinHandle<redis::RedisResult<()>>,
    #[shutdown(timeout = "1s", drop)]
    redis: MultiplexedConnection,
}

mod multiplexed {
    use super::{Service, load};

    #[graceful::main]
    pub(super) async fn main() -> redis::RedisResult<Service> {
        let port = std::env::var("PORT").expect("PORT");
        let client = redis::Client::open(format!("redis://127.0.0.1:{port}"))?;
        let redis = client.get_multiplexed_async_connection().await?;
        let load = tokio::spawn(load(redis.clone()));
        Ok(Service { load, redis })
    }
}

/// Counts in the server, and prints what it was told last.
async fn load(mut redis: MultiplexedConnection) -> redis::RedisResult<()> {
    let mut counted: u64 = redis.incr("counted", 1).await?;
    println!("ready");
    while !graceful::is_requested() {
        counted = redis.incr("counted", 1).await?;
    }
    println!("counted {counted}");
    Ok(())
}
