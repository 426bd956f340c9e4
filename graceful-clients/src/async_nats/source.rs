//! A consumer of `JetStream`, as a source.

use super::pull::Pull;
use crate::consumer::Source;
use async_nats::SubscribeError;
use async_nats::jetstream::consumer::PullConsumer;
use async_nats::jetstream::{AckKind, Context, Message};
use graceful_runtime::Result;
use std::fmt;
use std::sync::Arc;
use tokio::sync::Mutex;

/// A pull consumer of `JetStream`.
///
/// ```no_run
/// use async_nats::jetstream::{self, Message, consumer::PullConsumer};
/// use graceful_clients::async_nats::JetStreamSource;
/// use graceful_clients::consumer::Consumer;
/// use std::sync::Arc;
///
/// #[derive(graceful::Shutdown)]
/// struct App {
///     #[shutdown(timeout = "10s")]
///     orders: Consumer,
///     #[shutdown(timeout = "3s", with = graceful_clients::async_nats::drain)]
///     nats: async_nats::Client,
/// }
///
/// # fn main() {
/// #[graceful::main]
/// async fn main() -> graceful::Result<App> {
///     let nats = async_nats::connect("127.0.0.1").await?;
///     let jetstream = jetstream::new(nats.clone());
///     let consumer: PullConsumer = jetstream.get_consumer_from_stream("billing", "ORDERS").await?;
///     let source = JetStreamSource::open(&jetstream, consumer, 64).await?;
///     let orders = Consumer::of(source).concurrency(8).run("orders", bill);
///     Ok(App { orders, nats })
/// }
/// # }
///
/// async fn bill(order: Arc<Message>) -> std::io::Result<()> {
///     println!("{:?}", order.payload);
///     Ok(())
/// }
/// ```
///
/// The consumer's `ack_policy` has to be explicit, which is its default. A message that takes longer than its `ack_wait` (30 s)
/// is delivered again meanwhile: set that to more than an attempt takes, with its pauses.
///
/// # How it is closed
///
/// The subscription ends: the server forgets what was asked for, and what was on its way is negatively acknowledged, as is
/// what is handed back, so that it comes again at once (servers before 2.10.16 keep one back now and then). At the end the server is asked something: its answer comes behind
/// all acknowledgements, so none is lost with the connection. A server that does not answer is the error of the step.
///
/// The connection is the client's: close that behind it.
pub struct JetStreamSource {
    context: Context,
    consumer: PullConsumer,
    // A lock: the source of a consumer is shared, and a subscriber is not. It is taken by one task at a time.
    pull: Mutex<Pull>,
}

impl JetStreamSource {
    /// Subscribes to what the consumer sends. At most `ahead` messages are fetched before they are taken, at least 1.
    ///
    /// # Errors
    ///
    /// If the client is closed.
    pub async fn open(
        context: &Context,
        consumer: PullConsumer,
        ahead: u16,
    ) -> std::result::Result<Self, SubscribeError> {
        let batch = ahead.max(1).into();
        let pull = Pull::open(context.client(), consumer.clone(), batch).await?;
        Ok(Self {
            context: context.clone(),
            pull: Mutex::new(pull),
            consumer,
        })
    }

    fn message(&self, message: async_nats::Message) -> Message {
        Message {
            message,
            context: self.context.clone(),
        }
    }
}

impl Source for JetStreamSource {
    type Message = Message;

    fn name(&self) -> String {
        let info = self.consumer.cached_info();
        format!("NATS consumer `{}` of `{}`", info.name, info.stream_name)
    }

    async fn take(&self) -> Result<Option<Message>> {
        let message = self.pull.lock().await.next().await?;
        Ok(Some(self.message(message)))
    }

    async fn acknowledge(&self, message: &Message) -> Result {
        message.ack().await
    }

    async fn hand_back(&self, message: Arc<Message>) -> Result {
        message.ack_with(AckKind::Nak(None)).await
    }

    async fn stop(&self) -> Result<usize> {
        let on_its_way = self.pull.lock().await.stop().await?;
        let count = on_its_way.len();
        for message in on_its_way {
            self.message(message).ack_with(AckKind::Nak(None)).await?;
        }
        Ok(count)
    }

    async fn close(&self) -> Result {
        self.consumer.get_info().await?;
        Ok(())
    }
}

impl fmt::Debug for JetStreamSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JetStreamSource")
            .field("name", &self.name())
            .finish_non_exhaustive()
    }
}
