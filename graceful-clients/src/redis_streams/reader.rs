//! Reads a stream ahead, in a task of its own: a read that was cut in the middle would leave entries with nobody.

use super::in_hand::InHand;
use graceful_runtime::{Error, Result};
use redis::RedisResult;
use redis::aio::ConnectionManager;
use redis::streams::{StreamAutoClaimReply, StreamId, StreamReadReply};
use std::sync::Arc;
use std::time::Duration;
use tokio::select;
use tokio::sync::mpsc::Sender;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

/// For how long a read waits for entries; a stop waits for it that long at most.
const BLOCK: Duration = Duration::from_millis(200);

/// How long to wait where Redis is not there.
const NOBODY_THERE: Duration = Duration::from_millis(500);

/// Which stream, and as who.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) stream: String,
    pub(super) group: String,
    pub(super) consumer: String,
}

pub(super) struct Reader {
    pub(super) place: Place,
    /// Blocked by reads most of the time.
    pub(super) connection: ConnectionManager,
    pub(super) in_hand: Arc<InHand>,
    pub(super) claim_after: Duration,
    pub(super) batch: usize,
    pub(super) stopped: CancellationToken,
}

impl Reader {
    pub(super) async fn run(mut self, entries: Sender<Result<StreamId>>) {
        while !self.stopped.is_cancelled() {
            match self.read_on(&entries).await {
                Ok(()) => return,
                Err(error) if passes(&error) => {
                    let stream = &*self.place.stream;
                    tracing::warn!(stream, %error, "Redis is not there");
                    select! {
                        () = self.stopped.cancelled() => {}
                        () = sleep(NOBODY_THERE) => {}
                    }
                }
                Err(error) => {
                    // Nobody listens any more where the source has been dropped.
                    let _ = entries.send(Err(Error::from(error))).await;
                    return;
                }
            }
        }
    }

    /// First what this consumer has left behind in an earlier life, then what is new, and from time to time what
    /// others have left behind.
    async fn read_on(&mut self, entries: &Sender<Result<StreamId>>) -> RedisResult<()> {
        let mut behind = "0".to_owned();
        loop {
            let own = self.read(&behind).await?;
            let Some(last) = own.last() else { break };
            behind.clone_from(&last.id);
            if !self.pass_on(own, entries).await {
                return Ok(());
            }
        }
        let mut claim_at = Instant::now();
        while !self.stopped.is_cancelled() {
            if claim_at <= Instant::now() {
                self.keep_own().await?;
                let left = self.claim().await?;
                claim_at = Instant::now() + self.claim_after / 3;
                if !self.pass_on(left, entries).await {
                    return Ok(());
                }
            }
            let new = self.read(">").await?;
            if !self.pass_on(new, entries).await {
                return Ok(());
            }
        }
        Ok(())
    }

    /// False where nobody takes them any more: they stay pending.
    async fn pass_on(&self, ids: Vec<StreamId>, entries: &Sender<Result<StreamId>>) -> bool {
        for entry in ids {
            // What was deleted from the stream has no fields, and is not there to be processed.
            if !entry.map.is_empty()
                && self.in_hand.take(&entry.id)
                && entries.send(Ok(entry)).await.is_err()
            {
                return false;
            }
        }
        true
    }

    async fn read(&mut self, behind: &str) -> RedisResult<Vec<StreamId>> {
        let Place {
            stream,
            group,
            consumer,
        } = &self.place;
        let block_ms = u64::try_from(BLOCK.as_millis()).unwrap_or(u64::MAX);
        let reply: Option<StreamReadReply> = redis::cmd("XREADGROUP")
            .arg(&["GROUP", group, consumer])
            .arg("COUNT")
            .arg(self.batch)
            .arg("BLOCK")
            .arg(block_ms)
            .arg(&["STREAMS", stream, behind])
            .query_async(&mut self.connection)
            .await?;
        let keys = reply.map(|reply| reply.keys).unwrap_or_default();
        Ok(keys.into_iter().flat_map(|key| key.ids).collect())
    }

    /// What is in hand for long is not left behind: nobody may claim it.
    async fn keep_own(&mut self) -> RedisResult<()> {
        let own = self.in_hand.all();
        if own.is_empty() {
            return Ok(());
        }
        let Place {
            stream,
            group,
            consumer,
        } = &self.place;
        redis::cmd("XCLAIM")
            .arg(&[stream, group, consumer, "0"])
            .arg(own)
            .arg("JUSTID")
            .exec_async(&mut self.connection)
            .await
    }

    async fn claim(&mut self) -> RedisResult<Vec<StreamId>> {
        let Place {
            stream,
            group,
            consumer,
        } = &self.place;
        let reply: StreamAutoClaimReply = redis::cmd("XAUTOCLAIM")
            .arg(&[stream, group, consumer])
            .arg(in_ms(self.claim_after))
            .arg(&["0", "COUNT"])
            .arg(self.batch)
            .query_async(&mut self.connection)
            .await?;
        Ok(reply.claimed)
    }
}

pub(super) fn in_ms(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// Whether it may be over after a while: Redis is restarted, or is loading its data.
fn passes(error: &redis::RedisError) -> bool {
    use redis::{ErrorKind, ServerErrorKind};
    error.is_io_error()
        || error.is_timeout()
        || error.is_connection_dropped()
        || matches!(
            error.kind(),
            ErrorKind::Server(ServerErrorKind::BusyLoading | ServerErrorKind::TryAgain)
        )
}
