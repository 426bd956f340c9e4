//! The consumer: a field of the state.

use super::counts::Counts;
use super::process::Work;
use super::running::{Run, Running};
use super::source::Source;
use graceful_runtime::{Context, Result, SharedShutdown, Shutdown};
use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

/// The one loop that every consumer of messages is: take, process, acknowledge, until told to stop.
///
/// ```
/// use graceful_clients::consumer::Consumer;
/// use graceful_clients::queue::{self, Queue};
/// use std::sync::Arc;
///
/// #[derive(graceful::Shutdown)]
/// struct App {
///     #[shutdown(timeout = "10s")]
///     events: Consumer,
///     #[shutdown(skip)] // the way in: it refuses once the consumer closes
///     queue: Queue<String>,
/// }
///
/// # fn main() {
/// #[graceful::main]
/// async fn main() -> App {
///     let (queue, source) = queue::bounded(100);
///     let events = Consumer::of(source).concurrency(8).run("events", store);
///     App { events, queue }
/// }
/// # }
///
/// async fn store(event: Arc<String>) -> std::io::Result<()> {
///     println!("{event}");
///     Ok(())
/// }
/// ```
///
/// It runs from the moment it is made. It is a handle: clones are the same consumer. When the last one is dropped it
/// takes nothing more, and what is in hand ends by itself; nobody waits for that, so keep it in the state.
///
/// # What it does with a message
///
/// `process` is called for it. Where that succeeds, the message is acknowledged. Where it fails or panics, it is called
/// again after a [pause](super::Builder::backoff) that doubles, until it succeeds, it is a [dead letter](super::Builder::dead_letter), or the consumer
/// closes. A message is acknowledged only after it was processed or stored as a dead letter: so it comes at least
/// once, and may come again. `process` has to bear that.
///
/// # How it is closed
///
/// 1. It takes nothing more. What the client has fetched ahead is handed back.
/// 2. What is in hand is finished and acknowledged. A message that waits for its next attempt is handed back at
///    once.
/// 3. When three quarters of its limit have passed (of a long one: 2 s before it), what is still in hand is cut and handed back.
/// 4. The source makes the acknowledgements final and takes leave.
///
/// The report says what became of the messages ([`Counts`]): `processed 10,000, handed back 3, unknown 0`. The step fails where
/// the end of a message is unknown, or the source did not close: with an error that names the source, and before the limit.
#[derive(Clone)]
#[must_use = "it takes nothing more when it is dropped: keep it in the state"]
pub struct Consumer(Arc<Inner>);

struct Inner(Arc<dyn Run>);

impl Drop for Inner {
    fn drop(&mut self) {
        self.0.stop();
    }
}

impl Consumer {
    pub(super) fn start<S: Source>(
        work: Work<S>,
        concurrency: usize,
        name: Cow<'static, str>,
    ) -> Self {
        Self(Arc::new(Inner(Running::start(work, concurrency, name))))
    }

    /// What has become of the messages so far.
    pub fn counts(&self) -> Counts {
        self.0.0.counts()
    }

    /// How many messages are being processed, or wait for their next attempt: a snapshot.
    pub fn in_hand(&self) -> usize {
        self.0.0.in_hand()
    }
}

impl Shutdown for Consumer {
    async fn shutdown(self, cx: Context) -> Result {
        self.0.0.clone().close(cx).await
    }
}

impl SharedShutdown for Consumer {
    fn shutdown_shared(self: Arc<Self>, cx: Context) -> impl Future<Output = Result> + Send {
        Arc::unwrap_or_clone(self).shutdown(cx)
    }
}

impl fmt::Debug for Consumer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Consumer")
            .field("counts", &self.counts())
            .field("in_hand", &self.in_hand())
            .finish()
    }
}
