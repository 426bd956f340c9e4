//! `redis`: connections of each kind, which are closed by dropping them.

use crate::service::{Beside, case, load, port};
use graceful::Result;
use redis::aio::{ConnectionLike, ConnectionManager, MultiplexedConnection};
use tokio::task::JoinHandle;

pub(crate) async fn count(mut redis: impl ConnectionLike) -> Result {
    redis::cmd("INCR")
        .arg("counted")
        .exec_async(&mut redis)
        .await?;
    Ok(())
}

pub(crate) fn address() -> String {
    format!("redis://127.0.0.1:{}", port())
}

fn client() -> redis::RedisResult<redis::Client> {
    redis::Client::open(address())
}

pub(crate) mod multiplexed {
    use super::{Beside, JoinHandle, MultiplexedConnection, Result, case, client, count, load};

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
        let redis = client()?.get_multiplexed_async_connection().await?;
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
}

pub(crate) mod manager {
    use super::{Beside, ConnectionManager, JoinHandle, Result, case, client, count, load};

    #[derive(graceful::Shutdown)]
    pub(crate) struct Service {
        #[shutdown(timeout = "1s")]
        load: JoinHandle<Result>,
        #[shutdown(timeout = "1s", drop)]
        redis: ConnectionManager,
        #[shutdown(timeout = "500ms")]
        beside: Beside,
    }

    #[graceful::main]
    pub(crate) async fn main() -> Result<Service> {
        let redis = client()?.get_connection_manager().await?;
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
}

/// A subscriber, whose task leaves the channel when it is told to stop, and works off what it has been sent.
pub(crate) mod subscriber {
    use super::{Beside, JoinHandle, Result, client};
    use crate::service::ready;
    use futures_util::{FutureExt as _, StreamExt as _};

    #[derive(graceful::Shutdown)]
    pub(crate) struct Service {
        #[shutdown(timeout = "1s")]
        subscriber: JoinHandle<Result>,
        #[shutdown(timeout = "500ms")]
        beside: Beside,
    }

    #[graceful::main]
    pub(crate) async fn main() -> Result<Service> {
        let (mut sink, mut messages) = client()?.get_async_pubsub().await?.split();
        sink.subscribe("news").await?;
        ready();
        let subscriber = tokio::spawn(async move {
            let mut read = 0;
            loop {
                tokio::select! {
                    message = messages.next() => match message {
                        Some(_) => read += 1,
                        None => break,
                    },
                    () = graceful::requested() => {
                        sink.unsubscribe("news").await?;
                        break;
                    }
                }
            }
            // The server has answered, so all that it sent before is here.
            while let Some(Some(_)) = messages.next().now_or_never() {
                read += 1;
            }
            println!("acknowledged {read}");
            Ok(())
        });
        Ok(Service {
            subscriber,
            beside: Beside,
        })
    }
}
