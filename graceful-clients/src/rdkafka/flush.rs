//! Closing a producer.

use crate::limit::last_moment;
use crate::thread::on_thread;
use graceful_runtime::{Context, Result};
use rdkafka::error::{KafkaError, KafkaResult, RDKafkaErrorCode};
use rdkafka::producer::{Partitioner, Producer, ProducerContext};
use std::fmt;
use std::time::Duration;
use tokio::select;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

/// How long one request to send lasts. `librdkafka` sends batches that are not full while a call of its `rd_kafka_flush` lasts. Those of
/// `rdkafka` 0.39 return at once, and the thread that sends may need longer than that to wake up: so one call follows the other.
const REQUEST: Duration = Duration::from_millis(2);

/// How long the producer's events are served between two requests.
const POLL: Duration = Duration::from_millis(10);

/// Sends what a producer still has, and closes it.
///
/// ```no_run
/// use rdkafka::producer::FutureProducer;
///
/// #[derive(graceful::Shutdown)]
/// struct App {
///     #[shutdown(timeout = "5s", with = graceful_clients::rdkafka::flush)]
///     kafka: FutureProducer,
/// }
/// # fn main() {}
/// ```
///
/// It waits until the broker has confirmed every message. `linger.ms` does not hold it up.
///
/// A producer that is dropped purges its queue: what is in there is lost. So at the limit it is not dropped; it goes on
/// sending for as long as the process lives, while the other fields close.
///
/// A transaction that is open is not ended: its messages are sent, and readers of what is committed never see them. Commit it where it was begun,
/// before this.
///
/// Clones are the same producer. What they send while it is flushed is waited for too, so close what sends before it.
///
/// # Errors
///
/// [`Unsent`] with the number of messages that were not confirmed by the limit; it is also what the report, and its metrics, say
/// was left in flight. One that the broker has refused, or
/// whose `message.timeout.ms` has passed, is not among them: whoever sent it has that error.
///
/// # Cancel safety
///
/// Dropped, it goes on sending.
pub async fn flush<P, C, Part>(producer: P, cx: Context) -> Result
where
    P: Producer<C, Part> + Send + 'static,
    C: ProducerContext<Part>,
    Part: Partitioner,
{
    let (count, mut unsent) = watch::channel(producer.in_flight_count());
    let flushed = on_thread("graceful-kafka-flush", move || {
        loop {
            let requested = Instant::now();
            while requested.elapsed() < REQUEST {
                if let Some(flushed) = ended(producer.flush(Duration::ZERO)) {
                    return flushed;
                }
            }
            if let Some(flushed) = ended(producer.flush(POLL)) {
                return flushed;
            }
            count.send_if_modified(|count| {
                let before = std::mem::replace(count, producer.in_flight_count());
                *count != before
            });
        }
    })?;
    let limit = last_moment(&cx);
    let telling = async {
        while Instant::now() < limit {
            let left = Unsent(*unsent.borrow_and_update());
            cx.progress(left.to_string());
            cx.in_flight(usize::try_from(left.0).unwrap_or_default());
            select! {
                changed = unsent.changed() => if changed.is_err() { break },
                () = sleep_until(limit) => return,
            }
        }
        sleep_until(limit).await;
    };
    select! {
        biased;
        flushed = flushed => {
            flushed.map_err(|_| "the thread that flushes has panicked")??;
            Ok(())
        }
        () = telling => Err(Unsent(*unsent.borrow()).into()),
    }
}

/// How a flush ended, where it did not end by its time alone.
fn ended(flushed: KafkaResult<()>) -> Option<KafkaResult<()>> {
    match flushed {
        Err(KafkaError::Flush(RDKafkaErrorCode::OperationTimedOut)) => None,
        flushed => Some(flushed),
    }
}

/// So many messages were not sent, or not confirmed, by the limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unsent(pub i32);

impl fmt::Display for Unsent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(count) = self;
        match count {
            1 => f.write_str("1 message is not sent"),
            _ => write!(f, "{count} messages are not sent"),
        }
    }
}

impl std::error::Error for Unsent {}

#[cfg(test)]
mod tests {
    use super::flush;
    use graceful::testing::{AssertReport as _, run};
    use rdkafka::ClientConfig;
    use rdkafka::producer::{FutureProducer, FutureRecord};
    use std::time::Duration;
    use tokio::time::sleep;

    #[derive(graceful::Shutdown)]
    struct Bills {
        #[shutdown(timeout = "20s", with = flush)]
        producer: FutureProducer,
    }

    /// Batches of a minute, with a broker inside of the process.
    #[test]
    fn what_lingers_for_a_batch_is_sent_at_once() {
        let report = run(async || {
            let producer: FutureProducer = ClientConfig::new()
                .set("test.mock.num.brokers", "1")
                .set("linger.ms", "60000")
                .create()
                .unwrap();
            for number in 0..1_000 {
                let payload = number.to_string();
                let record = FutureRecord::<(), _>::to("bills").payload(&payload);
                // Its end is awaited by the flush alone.
                drop(producer.send_result(record).map_err(|(error, _)| error));
            }
            // It is connected by then, and waits for more.
            sleep(Duration::from_secs(1)).await;
            Bills { producer }
        })
        .real_time()
        .report();
        report.assert_clean();
    }
}
