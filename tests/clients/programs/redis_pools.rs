//! Pools of Redis' connections: `deadpool-redis` and `bb8-redis`.

use crate::redis::{address, count};
use crate::service::{Beside, case, load, ready};
use graceful::Result;
use tokio::task::JoinHandle;

#[cfg(feature = "deadpool-redis")]
pub(crate) mod deadpool {
    use super::{Beside, JoinHandle, Result, address, case, count, load, ready};
    use deadpool_redis::{Config, Pool, PoolConfig, Runtime};

    #[derive(graceful::Shutdown)]
    pub(crate) struct Service {
        #[shutdown(timeout = "1s")]
        load: JoinHandle<Result>,
        #[shutdown(timeout = "1s", with = graceful_clients::deadpool::close)]
        redis: Pool,
        #[shutdown(timeout = "500ms")]
        beside: Beside,
    }

    #[graceful::main]
    pub(crate) async fn main() -> Result<Service> {
        let mut config = Config::from_url(address());
        config.pool = Some(PoolConfig::new(2));
        let redis = config.create_pool(Some(Runtime::Tokio1))?;
        let pool = redis.clone();
        let load = match &*case() {
            "load" => load(move || counted(pool.clone())),
            "leak" => tokio::spawn(leak(pool)),
            case => panic!("no case {case:?}"),
        };
        Ok(Service {
            load,
            redis,
            beside: Beside,
        })
    }

    async fn counted(pool: Pool) -> Result {
        count(pool.get().await?).await
    }

    async fn leak(pool: Pool) -> Result {
        std::mem::forget(pool.get().await?);
        ready();
        Ok(())
    }
}

#[cfg(feature = "bb8-redis")]
pub(crate) mod bb8 {
    use super::{Beside, JoinHandle, Result, address, case, count, load, ready};
    use bb8_redis::RedisConnectionManager;
    use bb8_redis::bb8::Pool;

    type Redis = Pool<RedisConnectionManager>;

    #[derive(graceful::Shutdown)]
    pub(crate) struct Service {
        #[shutdown(timeout = "1s")]
        load: JoinHandle<Result>,
        #[shutdown(timeout = "1s", with = graceful_clients::bb8::close)]
        redis: Redis,
        #[shutdown(timeout = "500ms")]
        beside: Beside,
    }

    #[graceful::main]
    pub(crate) async fn main() -> Result<Service> {
        let manager = RedisConnectionManager::new(address())?;
        let redis = Pool::builder().max_size(2).build(manager).await?;
        let pool = redis.clone();
        let load = match &*case() {
            "load" => load(move || counted(pool.clone())),
            "leak" => tokio::spawn(leak(pool)),
            case => panic!("no case {case:?}"),
        };
        Ok(Service {
            load,
            redis,
            beside: Beside,
        })
    }

    async fn counted(pool: Redis) -> Result {
        let redis = pool.get().await?;
        count(redis.clone()).await
    }

    async fn leak(pool: Redis) -> Result {
        std::mem::forget(pool.get().await?);
        ready();
        Ok(())
    }
}
