//! Streams of Redis: a consumer under load, and one as it is written by hand.

use crate::journal::{CONCURRENCY, Journal, ahead};
use graceful_clients::consumer::Consumer;
use graceful_clients::redis_streams::RedisStreamSource;
use redis::streams::StreamId;
use std::process::{ExitCode, Termination as _};

pub(crate) fn run(case: &str) -> ExitCode {
    match case {
        "consumer" => consumer::main().report(),
        "by-hand" => by_hand::main().report(),
        case => panic!("no case {case:?}"),
    }
}

fn client() -> redis::RedisResult<redis::Client> {
    let port = std::env::var("PORT").expect("PORT");
    redis::Client::open(format!("redis://127.0.0.1:{port}"))
}

fn number(entry: &StreamId) -> String {
    entry.get("number").expect("each has one")
}

mod consumer {
    use super::{CONCURRENCY, Consumer, Journal, RedisStreamSource, ahead, client, number};
    use std::sync::Arc;
    use std::time::Duration;

    #[derive(graceful::Shutdown)]
    pub(super) struct Service {
        #[shutdown(timeout = "4s")]
        consumer: Consumer,
        #[shutdown(timeout = "1s", with = async |(), _cx| {})]
        after: (),
    }

    #[graceful::main(timeout = "8s", report = "always")]
    pub(super) async fn main() -> redis::RedisResult<Service> {
        let mut source =
            RedisStreamSource::open(&client()?, "numbers", "readers", "one", ahead()).await?;
        if let Ok(ms) = std::env::var("CLAIM_AFTER_MS") {
            source = source.claim_after(Duration::from_millis(ms.parse().expect("a number")));
        }
        let journal = Arc::new(Journal::open());
        let consumer = Consumer::of(source)
            .concurrency(CONCURRENCY)
            .run("numbers", move |entry| {
                let journal = journal.clone();
                async move { journal.process(number(&entry).as_bytes()).await }
            });
        println!("ready");
        Ok(Service {
            consumer,
            after: (),
        })
    }
}

/// What many programs do: a task for each entry, as many as the consumer has in hand, which is acknowledged before that is spawned.
mod by_hand {
    use super::{Journal, client, number};
    use redis::AsyncCommands as _;
    use redis::streams::{StreamReadOptions, StreamReadReply};
    use tokio::signal::unix::{SignalKind, signal};

    #[tokio::main]
    pub(super) async fn main() -> redis::RedisResult<()> {
        let mut redis = client()?.get_multiplexed_async_connection().await?;
        let journal = Journal::open();
        let mut terminate = signal(SignalKind::terminate()).expect("a handler");
        println!("ready");
        let options = StreamReadOptions::default()
            .group("readers", "one")
            .count(64)
            .block(100);
        loop {
            tokio::select! {
                _ = terminate.recv() => return Ok(()),
                read = next(&mut redis, &options, &journal) => read?,
            }
        }
    }

    async fn next(
        redis: &mut redis::aio::MultiplexedConnection,
        options: &StreamReadOptions,
        journal: &Journal,
    ) -> redis::RedisResult<()> {
        let read: Option<StreamReadReply> =
            redis.xread_options(&["numbers"], &[">"], options).await?;
        let keys = read.into_iter().flat_map(|read| read.keys);
        for entry in keys.flat_map(|key| key.ids) {
            let _: u64 = redis.xack("numbers", "readers", &[&entry.id]).await?;
            journal.spawn(number(&entry).into_bytes()).await;
        }
        Ok(())
    }
}
