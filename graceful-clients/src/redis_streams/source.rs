//! A stream, as a source.

use super::in_hand::InHand;
use super::reader::{Place, Reader, in_ms};
use crate::consumer::Source;
use graceful_runtime::Result;
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::streams::StreamId;
use redis::{Client, RedisResult};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::sync::mpsc::{Receiver, channel};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// What is pending for so long belongs to nobody any more.
const CLAIM_AFTER: Duration = Duration::from_secs(60);

/// A stream of Redis, read as a member of a consumer group.
///
/// ```no_run
/// use graceful_clients::consumer::Consumer;
/// use graceful_clients::redis_streams::RedisStreamSource;
/// use redis::streams::StreamId;
/// use std::sync::Arc;
///
/// #[derive(graceful::Shutdown)]
/// struct App {
///     #[shutdown(timeout = "10s")]
///     orders: Consumer,
/// }
///
/// # fn main() {
/// #[graceful::main]
/// async fn main() -> redis::RedisResult<App> {
///     let client = redis::Client::open("redis://127.0.0.1")?;
///     let source = RedisStreamSource::open(&client, "orders", "billing", "pod-7", 64).await?;
///     let orders = Consumer::of(source).concurrency(8).run("orders", bill);
///     Ok(App { orders })
/// }
/// # }
///
/// async fn bill(order: Arc<StreamId>) -> std::io::Result<()> {
///     println!("{:?}", order.map);
///     Ok(())
/// }
/// ```
///
/// It has two connections of its own: a read that waits would hold up all others on its connection. Both come back by
/// themselves when Redis does.
///
/// # What is pending
///
/// An entry that was read stays with its consumer until it is acknowledged. What a consumer of the same name left behind is
/// read first. What any other left behind is taken over when it has been pending for a minute
/// ([`claim_after`](RedisStreamSource::claim_after)); what is in hand here is kept from that, however long it takes.
///
/// A consumer is never deleted from its group: Redis would forget what is pending with it. So use names that come back, as those of the
/// pods of a stateful set.
///
/// # How it is closed
///
/// Reading ends, and what was read ahead is handed back, as is what could not be processed: Redis is told that it has been pending for
/// long, so that whoever looks next takes it over. Then the connections are closed.
pub struct RedisStreamSource {
    place: Place,
    /// Taken when it is closed.
    settling: std::sync::Mutex<Option<ConnectionManager>>,
    in_hand: Arc<InHand>,
    claim_after: Duration,
    batch: usize,
    stopped: CancellationToken,
    // A lock: the source of a consumer is shared, and a receiver is not. It is taken by one task at a time.
    reading: Mutex<Reading>,
}

enum Reading {
    /// It begins with the first `take`.
    NotYet(ConnectionManager),
    Begun(Receiver<Result<StreamId>>, JoinHandle<()>),
    Ended,
}

impl RedisStreamSource {
    /// Connects. The group has to be there (`XGROUP CREATE`); a `consumer` is one process of it. Entries are read `ahead`
    /// at a time, at least 1, and the next ones while these are taken.
    ///
    /// # Errors
    ///
    /// If Redis is not there.
    pub async fn open(
        client: &Client,
        stream: &str,
        group: &str,
        consumer: &str,
        ahead: u16,
    ) -> RedisResult<Self> {
        let place = Place {
            stream: stream.to_owned(),
            group: group.to_owned(),
            consumer: consumer.to_owned(),
        };
        // One that does not answer is noticed by it: a read waits less.
        let config = ConnectionManagerConfig::new()
            .set_response_timeout(Some(Duration::from_secs(5)))
            .set_number_of_retries(2);
        let reading = client
            .get_connection_manager_with_config(config.clone())
            .await?;
        let settling = client.get_connection_manager_with_config(config).await?;
        Ok(Self {
            place,
            settling: std::sync::Mutex::new(Some(settling)),
            in_hand: Arc::default(),
            claim_after: CLAIM_AFTER,
            batch: ahead.max(1).into(),
            stopped: CancellationToken::new(),
            reading: Mutex::new(Reading::NotYet(reading)),
        })
    }

    /// How long an entry is pending before it is taken over from whoever has it. Default: 60 s.
    #[must_use]
    pub fn claim_after(mut self, time: Duration) -> Self {
        self.claim_after = time;
        self
    }

    fn settling(&self) -> Result<ConnectionManager> {
        let settling = self.settling.lock();
        let settling = settling.unwrap_or_else(std::sync::PoisonError::into_inner);
        settling.clone().ok_or_else(|| "it is closed".into())
    }

    fn begin(&self, connection: ConnectionManager) -> Reading {
        let reader = Reader {
            place: self.place.clone(),
            connection,
            in_hand: self.in_hand.clone(),
            claim_after: self.claim_after,
            batch: self.batch,
            stopped: self.stopped.clone(),
        };
        let (entries, taken) = channel(self.batch);
        Reading::Begun(taken, tokio::spawn(reader.run(entries)))
    }

    /// To whoever looks next: it has been pending for long.
    async fn give_up(&self, ids: &[String]) -> Result {
        let Place {
            stream,
            group,
            consumer,
        } = &self.place;
        redis::cmd("XCLAIM")
            .arg(&[stream, group, consumer, "0"])
            .arg(ids)
            .arg("IDLE")
            .arg(in_ms(self.claim_after))
            .arg("JUSTID")
            .exec_async(&mut self.settling()?)
            .await?;
        for id in ids {
            self.in_hand.release(id);
        }
        Ok(())
    }
}

impl Source for RedisStreamSource {
    type Message = StreamId;

    fn name(&self) -> String {
        format!("Redis stream `{}`", self.place.stream)
    }

    async fn take(&self) -> Result<Option<StreamId>> {
        let mut reading = self.reading.lock().await;
        if let Reading::NotYet(connection) = &*reading {
            *reading = self.begin(connection.clone());
        }
        match &mut *reading {
            Reading::Begun(entries, _task) => entries.recv().await.transpose(),
            Reading::NotYet(_) | Reading::Ended => Ok(None),
        }
    }

    async fn acknowledge(&self, entry: &StreamId) -> Result {
        let Place { stream, group, .. } = &self.place;
        let acknowledged = redis::cmd("XACK")
            .arg(&[stream, group, &entry.id])
            .exec_async(&mut self.settling()?)
            .await;
        // Also where that has failed: kept in hand, it would be pending for as long as this process lives.
        self.in_hand.release(&entry.id);
        Ok(acknowledged?)
    }

    async fn hand_back(&self, entry: Arc<StreamId>) -> Result {
        self.give_up(std::slice::from_ref(&entry.id)).await
    }

    async fn stop(&self) -> Result<usize> {
        self.stopped.cancel();
        let mut reading = self.reading.lock().await;
        let Reading::Begun(mut entries, task) = std::mem::replace(&mut *reading, Reading::Ended)
        else {
            return Ok(0);
        };
        let mut ahead = Vec::new();
        while let Some(entry) = entries.recv().await {
            ahead.extend(entry.ok().map(|entry| entry.id));
        }
        task.await?;
        if !ahead.is_empty() {
            self.give_up(&ahead).await?;
        }
        Ok(ahead.len())
    }

    async fn close(&self) -> Result {
        // Each acknowledgement has been answered: there is nothing to be waited for.
        let settling = self.settling.lock();
        drop(
            settling
                .unwrap_or_else(std::sync::PoisonError::into_inner)
                .take(),
        );
        Ok(())
    }
}

impl fmt::Debug for RedisStreamSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisStreamSource")
            .field("place", &self.place)
            .field("claim_after", &self.claim_after)
            .finish_non_exhaustive()
    }
}
