//! Where messages come from.

use graceful_runtime::Result;
use std::sync::Arc;

/// Where messages come from: a topic, a queue, a stream.
///
/// [`Consumer`](super::Consumer) is the one loop over all of them. It never acknowledges what was not processed.
/// Implement it for a broker of your own:
///
/// ```
/// use graceful_clients::consumer::Source;
/// use graceful::Result;
/// use std::sync::Arc;
///
/// /// Jobs in a table, each locked by whoever works on it.
/// struct Jobs { /* a pool */ }
/// # impl Jobs {
/// #     async fn lock_next(&self) -> Result<u64> { Ok(7) }
/// #     async fn delete(&self, _: u64) -> Result { Ok(()) }
/// #     async fn unlock(&self, _: u64) -> Result { Ok(()) }
/// # }
///
/// impl Source for Jobs {
///     type Message = u64;
///
///     fn name(&self) -> String {
///         "table `jobs`".to_owned()
///     }
///
///     async fn take(&self) -> Result<Option<u64>> {
///         Ok(Some(self.lock_next().await?))
///     }
///
///     async fn acknowledge(&self, job: &u64) -> Result {
///         self.delete(*job).await
///     }
///
///     async fn hand_back(&self, job: Arc<u64>) -> Result {
///         self.unlock(*job).await
///     }
///
///     async fn stop(&self) -> Result<usize> {
///         Ok(0) // nothing is fetched ahead
///     }
///
///     async fn close(&self) -> Result {
///         Ok(())
///     }
/// }
/// ```
///
/// Every method may be called while others run; none may block its thread.
pub trait Source: Send + Sync + 'static {
    /// What is taken, with all that is needed to acknowledge it.
    type Message: Send + Sync + 'static;

    /// What it is, as logs and errors are to call it: ``Kafka topic `orders` ``.
    fn name(&self) -> String;

    /// Waits for the next message; `None` once there will never be one again. Only one call is pending at a time.
    ///
    /// What may pass (a broker that restarts, a connection that is lost and comes back) is waited out here.
    ///
    /// # Errors
    ///
    /// What does not pass: the loop ends, and with it the service, since nobody would notice otherwise.
    ///
    /// # Cancel safety
    ///
    /// Dropped at any `await`, it must not have taken a message: it stays for the next call, or for
    /// [`stop`](Source::stop).
    fn take(&self) -> impl Future<Output = Result<Option<Self::Message>>> + Send;

    /// Says that the message has been processed, so that it never comes again.
    ///
    /// # Errors
    ///
    /// If the broker may not know: the message is counted as unknown, and may come again.
    fn acknowledge(&self, message: &Self::Message) -> impl Future<Output = Result> + Send;

    /// Gives a message back that was not processed, so that somebody else gets it.
    ///
    /// # Errors
    ///
    /// If that did not work: the message is counted as unknown. Of most brokers it comes again all the same, only later.
    fn hand_back(&self, message: Arc<Self::Message>) -> impl Future<Output = Result> + Send;

    /// Runs while nothing is taken: each time as many messages are in hand as may be, and while the last ones are
    /// finished. It may end or be dropped at any time. The default does nothing.
    ///
    /// It is for a client that has to be polled to stay a member of its group.
    fn keep_alive(&self) -> impl Future<Output = ()> + Send {
        std::future::ready(())
    }

    /// Asks for nothing more from here on, and hands back what was fetched but never taken: how many that were.
    /// Called once, after the last [`take`](Source::take), while messages are still being processed.
    ///
    /// # Errors
    ///
    /// What went wrong; the rest of the close goes on.
    fn stop(&self) -> impl Future<Output = Result<usize>> + Send;

    /// After [`stop`](Source::stop): the next message that has been accepted, and can be processed nowhere else. `None` when there is
    /// none left. The default has none, as is right for a broker, which keeps what was not acknowledged.
    fn take_rest(&self) -> impl Future<Output = Option<Self::Message>> + Send {
        std::future::ready(None)
    }

    /// Makes the acknowledgements final, and takes leave of the broker. Called once, when nothing is in hand any
    /// more, or what is has been given up; also where [`stop`](Source::stop) has failed or did not come to its end.
    ///
    /// # Errors
    ///
    /// What went wrong.
    ///
    /// # Cancel safety
    ///
    /// It is dropped at the consumer's limit.
    fn close(&self) -> impl Future<Output = Result> + Send;
}
