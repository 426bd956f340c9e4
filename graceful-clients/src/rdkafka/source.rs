//! Topics, as the source of a consumer.

use super::context::SourceContext;
use super::message::KafkaMessage;
use super::offsets::Unstored;
use crate::consumer::Source;
use crate::thread::on_thread;
use graceful_runtime::Result;
use rdkafka::client::DefaultClientContext;
use rdkafka::config::ClientConfig;
use rdkafka::consumer::{CommitMode, Consumer as _, StreamConsumer};
use rdkafka::error::{KafkaError, KafkaResult, RDKafkaErrorCode};
use rdkafka::message::BorrowedMessage;
use rdkafka::{ClientContext, Message as _};
use std::collections::VecDeque;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::sleep;

/// Fetching is paused where nothing could be taken for so long: sooner, each pause would cost what is fetched ahead.
const PAUSE_AFTER: Duration = Duration::from_secs(1);

/// How often closing looks whether everybody else has let the client go.
const LOOK_AGAIN: Duration = Duration::from_millis(1);

/// Topics of Kafka, as a member of a group.
///
/// ```no_run
/// use graceful_clients::consumer::Consumer;
/// use graceful_clients::rdkafka::{KafkaMessage, KafkaSource};
/// use rdkafka::{ClientConfig, Message as _};
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
/// async fn main() -> rdkafka::error::KafkaResult<App> {
///     let mut config = ClientConfig::new();
///     config
///         .set("bootstrap.servers", "127.0.0.1:9092")
///         .set("group.id", "billing")
///         .set("auto.offset.reset", "earliest");
///     let source = KafkaSource::open(&config, &["orders"])?;
///     let orders = Consumer::of(source).concurrency(8).run("orders", bill);
///     Ok(App { orders })
/// }
/// # }
///
/// async fn bill(order: Arc<KafkaMessage>) -> std::io::Result<()> {
///     println!("{:?}", order.payload());
///     Ok(())
/// }
/// ```
///
/// # What is committed
///
/// The offset below which everything has been processed: with a `concurrency` above 1 messages end out of order, and none is
/// passed over. `librdkafka` commits it every `auto.commit.interval.ms` (5 s), when a partition is taken away, and at the close.
/// `enable.auto.offset.store`, which would commit what is not processed, is always off. Leave `enable.auto.commit` on: else only the
/// close commits.
///
/// So after a stop nothing is processed twice but what was in hand; after a kill, what was done since the last commit.
///
/// # While it is busy
///
/// Where nothing can be taken for a second (every message in hand takes long, or is tried again), fetching is
/// paused, and the client is polled on. So it stays in its group however long that lasts (`max.poll.interval.ms`
/// does not remove it), and a rebalance of others does not wait for it. That also holds while the last messages are
/// finished.
///
/// A message whose partition is taken away while it is in hand is processed to its end and not committed: it comes again,
/// to the partition's new owner, and is counted as unknown.
pub struct KafkaSource<C: ClientContext + 'static = DefaultClientContext> {
    topics: String,
    /// Taken when it is closed.
    // A lock: it is cloned out, never held over anything that takes time.
    client: Mutex<Option<Client<C>>>,
    // A lock: pushed and popped.
    ahead: Mutex<VecDeque<KafkaMessage>>,
    is_paused: AtomicBool,
    is_stopped: AtomicBool,
}

type Client<C> = Arc<StreamConsumer<SourceContext<C>>>;

impl KafkaSource {
    /// Joins the group that the configuration names, and subscribes to these topics.
    ///
    /// # Errors
    ///
    /// Of the configuration, or where a topic's name is none. Whether there is a broker, or the topic, shows later.
    pub fn open(config: &ClientConfig, topics: &[&str]) -> KafkaResult<Self> {
        Self::open_with_context(config, topics, DefaultClientContext)
    }
}

impl<C: ClientContext + 'static> KafkaSource<C> {
    /// The same with a context of your own: for logs, statistics, tokens of `OAuth`.
    ///
    /// # Errors
    ///
    /// As [`open`](KafkaSource::open).
    pub fn open_with_context(
        config: &ClientConfig,
        topics: &[&str],
        context: C,
    ) -> KafkaResult<Self> {
        let mut config = config.clone();
        config.set("enable.auto.offset.store", "false");
        let client: StreamConsumer<SourceContext<C>> =
            config.create_with_context(SourceContext::new(context))?;
        client.subscribe(topics)?;
        Ok(Self {
            topics: topics.join("`, `"),
            client: Mutex::new(Some(Arc::new(client))),
            ahead: Mutex::default(),
            is_paused: AtomicBool::new(false),
            is_stopped: AtomicBool::new(false),
        })
    }

    fn client(&self) -> Result<Client<C>> {
        let client = self.client.lock().unwrap_or_else(PoisonError::into_inner);
        client.clone().ok_or_else(|| "it is closed".into())
    }

    fn ahead(&self) -> MutexGuard<'_, VecDeque<KafkaMessage>> {
        self.ahead.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The first that was fetched while nothing was taken, and is not somebody else's by now.
    fn next_ahead(&self) -> Option<KafkaMessage> {
        let mut ahead = self.ahead();
        ahead.retain(|message| !message.partition.is_revoked());
        ahead.pop_front()
    }

    /// The next message, however long that takes. It is in hand from here on.
    async fn receive(&self, client: &Client<C>) -> KafkaResult<KafkaMessage> {
        loop {
            match client.recv().await {
                Ok(message) => return Ok(in_hand(client, &message)),
                Err(error @ KafkaError::MessageConsumptionFatal(_)) => return Err(error),
                Err(KafkaError::PartitionEOF(_)) => {}
                // It reconnects, and asks again, by itself.
                Err(error) => tracing::warn!(source = %self.name(), %error, "Kafka"),
            }
        }
    }

    fn pause(&self, client: &Client<C>) -> KafkaResult<()> {
        // Relaxed, here and below: the one task that takes reads and writes it, and the lock of `client` orders the
        // close after that.
        self.is_paused.store(true, Ordering::Relaxed);
        client.pause(&client.assignment()?)
    }

    fn resume(&self, client: &Client<C>) -> KafkaResult<()> {
        if self.is_paused.swap(false, Ordering::Relaxed) {
            client.resume(&client.assignment()?)?;
        }
        Ok(())
    }

    /// Polls the client, which fetches nothing meanwhile.
    async fn poll_paused(&self) -> Result {
        let client = self.client()?;
        loop {
            self.pause(&client)?;
            // Of a partition that has just been assigned, or was on its way.
            let message = self.receive(&client).await?;
            self.ahead().push_back(message);
        }
    }
}

fn in_hand<C: ClientContext>(client: &Client<C>, message: &BorrowedMessage<'_>) -> KafkaMessage {
    let partitions = &client.context().partitions;
    let partition = partitions.of(message.topic(), message.partition());
    partition.take(message.offset());
    KafkaMessage {
        message: message.detach(),
        partition,
    }
}

impl<C: ClientContext + 'static> Source for KafkaSource<C> {
    type Message = KafkaMessage;

    fn name(&self) -> String {
        format!("Kafka topic `{}`", self.topics)
    }

    async fn take(&self) -> Result<Option<KafkaMessage>> {
        let client = self.client()?;
        if let Some(message) = self.next_ahead() {
            return Ok(Some(message));
        }
        self.resume(&client)?;
        Ok(Some(self.receive(&client).await?))
    }

    async fn acknowledge(&self, message: &KafkaMessage) -> Result {
        let client = self.client()?;
        let store = |offset| client.store_offset(message.topic(), message.partition(), offset);
        match message.partition.processed(message.offset(), store) {
            Ok(()) => Ok(()),
            Err(Unstored::Failed(error)) => Err(error.into()),
            Err(Unstored::Revoked) => {
                let (partition, offset) = (message.partition(), message.offset());
                Err(format!(
                    "partition {partition} was taken away while offset {offset} was in hand"
                )
                .into())
            }
        }
    }

    /// It is not committed: whoever has the partition next gets it.
    async fn hand_back(&self, _message: Arc<KafkaMessage>) -> Result {
        Ok(())
    }

    async fn keep_alive(&self) {
        if !self.is_stopped.load(Ordering::Relaxed) {
            sleep(PAUSE_AFTER).await;
        }
        if let Err(error) = self.poll_paused().await {
            // `take` or `close` meets it too, and says it.
            tracing::debug!(source = %self.name(), %error, "Kafka is not polled while it is paused");
        }
    }

    async fn stop(&self) -> Result<usize> {
        self.is_stopped.store(true, Ordering::Relaxed);
        self.pause(&self.client()?)?;
        Ok(self.ahead().len())
    }

    async fn close(&self) -> Result {
        let client = self
            .client
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        let client = client.ok_or("it is closed")?;
        let closed = on_thread("graceful-kafka-close", move || close(client))?;
        closed
            .await
            .map_err(|_| "the thread that closes has panicked")??;
        Ok(())
    }
}

/// Commits, leaves the group, and closes: blocks until the broker has answered.
fn close<C: ClientContext + 'static>(mut client: Client<C>) -> KafkaResult<()> {
    let committed = match client.commit_consumer_state(CommitMode::Sync) {
        // There was nothing to be committed.
        Err(KafkaError::ConsumerCommit(RDKafkaErrorCode::NoOffset)) => Ok(()),
        committed => committed,
    };
    // Dropping the client leaves the group. An acknowledgement may hold it for a moment.
    while let Err(shared) = Arc::try_unwrap(client) {
        client = shared;
        std::thread::sleep(LOOK_AGAIN);
    }
    committed
}

impl<C: ClientContext> Drop for KafkaSource<C> {
    /// Where it was never closed: the client leaves its group while it is dropped, which blocks.
    fn drop(&mut self) {
        let client = self
            .client
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = client.take() {
            // Without a thread it is dropped here.
            let _ = on_thread("graceful-kafka-close", move || drop(client));
        }
    }
}

impl<C: ClientContext> fmt::Debug for KafkaSource<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KafkaSource")
            .field("topics", &self.topics)
            .field("is_paused", &self.is_paused)
            .finish_non_exhaustive()
    }
}
