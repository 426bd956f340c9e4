//! A queue of `RabbitMQ`, as a source.

use crate::consumer::Source;
use futures_util::{FutureExt as _, StreamExt as _};
use graceful_runtime::Result;
use lapin::message::Delivery;
use lapin::options::{
    BasicAckOptions, BasicCancelOptions, BasicConsumeOptions, BasicNackOptions, BasicQosOptions,
};
use lapin::types::FieldTable;
use lapin::{Channel, Connection, Consumer};
use std::fmt;
use std::sync::Arc;
use tokio::sync::Mutex;

const BACK_INTO_THE_QUEUE: BasicNackOptions = BasicNackOptions {
    multiple: false,
    requeue: true,
};

/// A queue of `RabbitMQ`, over a channel of its own.
///
/// ```no_run
/// use graceful_clients::consumer::Consumer;
/// use graceful_clients::lapin::RabbitSource;
/// use lapin::message::Delivery;
/// use lapin::{Connection, ConnectionProperties};
/// use std::sync::Arc;
///
/// #[derive(graceful::Shutdown)]
/// struct App {
///     #[shutdown(timeout = "10s")]
///     orders: Consumer,
///     #[shutdown(timeout = "2s", with = graceful_clients::lapin::close)]
///     rabbit: Connection,
/// }
///
/// # fn main() {
/// #[graceful::main]
/// async fn main() -> lapin::Result<App> {
///     let properties = ConnectionProperties::default();
///     let rabbit = Connection::connect("amqp://127.0.0.1:5672/%2f", properties).await?;
///     let source = RabbitSource::open(&rabbit, "orders", 64).await?;
///     let orders = Consumer::of(source).concurrency(8).run("orders", bill);
///     Ok(App { orders, rabbit })
/// }
/// # }
///
/// async fn bill(order: Arc<Delivery>) -> std::io::Result<()> {
///     println!("{:?}", order.data);
///     Ok(())
/// }
/// ```
///
/// # How it is closed
///
/// The subscription is cancelled, and what was fetched ahead goes back into the queue. When the last message is settled, the
/// channel is closed: the broker's answer comes behind all acknowledgements. The connection is closed
/// [behind it](super::close).
///
/// Where the connection is lost, the source ends, and the service stops, unless it was opened with
/// [`enable_auto_recover`](lapin::ConnectionProperties::enable_auto_recover): then it waits for that. What was in hand comes again.
pub struct RabbitSource {
    queue: String,
    channel: Channel,
    // A lock: the source of a consumer is shared, and a stream is not. It is taken by one task at a time.
    deliveries: Mutex<Consumer>,
}

impl RabbitSource {
    /// Opens a channel, and subscribes to the queue. The broker sends at most `ahead` messages before they are
    /// acknowledged, at least 1: have it no lower than the consumer's `concurrency`.
    ///
    /// # Errors
    ///
    /// If there is no such queue, or the broker refuses.
    pub async fn open(connection: &Connection, queue: &str, ahead: u16) -> lapin::Result<Self> {
        let channel = connection.create_channel().await?;
        channel
            .basic_qos(ahead.max(1), BasicQosOptions::default())
            .await?;
        let deliveries = channel
            .basic_consume(
                queue.into(),
                "".into(),
                BasicConsumeOptions::default(),
                FieldTable::default(),
            )
            .await?;
        Ok(Self {
            queue: queue.to_owned(),
            channel,
            deliveries: Mutex::new(deliveries),
        })
    }
}

impl Source for RabbitSource {
    type Message = Delivery;

    fn name(&self) -> String {
        format!("RabbitMQ queue `{}`", self.queue)
    }

    async fn take(&self) -> Result<Option<Delivery>> {
        let mut deliveries = self.deliveries.lock().await;
        loop {
            match deliveries.next().await {
                Some(Ok(delivery)) => return Ok(Some(delivery)),
                Some(Err(error)) => self.channel.wait_for_recovery(error).await?,
                None => return Err("the broker has cancelled it: is the queue gone?".into()),
            }
        }
    }

    async fn acknowledge(&self, delivery: &Delivery) -> Result {
        settled(delivery.ack(BasicAckOptions::default()).await?)
    }

    async fn hand_back(&self, delivery: Arc<Delivery>) -> Result {
        settled(delivery.nack(BACK_INTO_THE_QUEUE).await?)
    }

    async fn stop(&self) -> Result<usize> {
        let mut deliveries = self.deliveries.lock().await;
        let cancelled = self
            .channel
            .basic_cancel(deliveries.tag(), BasicCancelOptions::default());
        cancelled.await?;
        let mut count = 0;
        // The broker has sent all of them before its answer. To wait for the end of the stream would be in vain where `take` has
        // had that already.
        while let Some(Some(delivery)) = deliveries.next().now_or_never() {
            settled(delivery?.nack(BACK_INTO_THE_QUEUE).await?)?;
            count += 1;
        }
        Ok(count)
    }

    async fn close(&self) -> Result {
        self.channel.close(200, "OK".into()).await?;
        Ok(())
    }
}

fn settled(is_sent: bool) -> Result {
    if is_sent {
        return Ok(());
    }
    Err("its channel was closed before it was settled".into())
}

impl fmt::Debug for RabbitSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RabbitSource")
            .field("queue", &self.queue)
            .finish_non_exhaustive()
    }
}
