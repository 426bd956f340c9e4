//! `redis`: connections of each kind, which are closed by dropping them.

use crate::service::{Beside, case, load, port};
use graceful::Result;
use redis::aio::MultiplexedConnection;
use tokio::task::JoinHandle;

#[derive(graceful::Shutdown)]
pub(crate) struct Service {
    #[shutdown(timeout = "1s")]
    load: JoinHandle<Result>,
    #[shutdown(timeout = "1s", drop)]
    redis: MultiplexedConnection,
    #[shutdown(timeout = "500ms")]
    beside: Beside,
}

#[graceful::main]
pub(crate) async fn main() -> Result<Service> {
    let client = redis::Client::open(format!("redis://127.0.0.1:{}", port()))?;
    let redis = client.get_multiplexed_async_connection().await?;
    let counting = redis.clone();
    let load = match &*case() {
        "load" => load(move || count(counting.clone())),
        case => panic!("no case {case:?}"),
    };
    Ok(Service {
        load,
        redis,
        beside: Beside,
    })
}

async fn count(mut redis: MultiplexedConnection) -> Result {
    redis::cmd("INCR")
        .arg("counted")
        .exec_async(&mut redis)
        .await?;
    Ok(())
}
