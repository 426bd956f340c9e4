//! `fred`: a client, and a pool of them.

use crate::service::{Beside, case, load, port};
use fred::clients::Pool;
use fred::prelude::*;
use graceful::Result;
use tokio::task::JoinHandle;

#[derive(graceful::Shutdown)]
pub(crate) struct Service {
    #[shutdown(timeout = "1s")]
    load: JoinHandle<Result>,
    #[shutdown(timeout = "1s", method = quit)]
    redis: Pool,
    #[shutdown(timeout = "500ms")]
    beside: Beside,
}

#[graceful::main]
pub(crate) async fn main() -> Result<Service> {
    let config = Config::from_url(&format!("redis://127.0.0.1:{}", port()))?;
    let redis = Builder::from_config(config).build_pool(2)?;
    redis.init().await?;
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

async fn count(redis: Pool) -> Result {
    let _: u64 = redis.incr("counted").await?;
    Ok(())
}
