//! Asking the server for messages, a batch at a time.

use async_nats::jetstream::consumer::PullConsumer;
use async_nats::jetstream::consumer::pull::BatchConfig;
use async_nats::{Message, StatusCode, Subject, Subscriber};
use futures_util::StreamExt as _;
use graceful_runtime::Result;
use std::time::Duration;
use tokio::time::{sleep, timeout};

/// For how long a request stands, where there are no messages for it.
const EXPIRES: Duration = Duration::from_secs(30);

/// How often the server shows that it has the request; twice without it, and it is asked again.
const HEARTBEAT: Duration = Duration::from_secs(5);

/// How long to wait where nobody is there to answer.
const NOBODY_THERE: Duration = Duration::from_millis(500);

/// What was asked for, and what has come of it.
pub(super) struct Pull {
    consumer: PullConsumer,
    subscriber: Subscriber,
    inbox: Subject,
    batch: usize,
    /// Asked for, and not come yet.
    outstanding: usize,
}

/// What the server has sent.
enum Came {
    Message(Message),
    /// It has given up a request, of which so many have not come.
    Ended(usize),
    Heartbeat,
    NobodyThere,
    /// The consumer is gone, or can't be used like this.
    Over(String),
}

impl Pull {
    pub(super) fn new(
        consumer: PullConsumer,
        subscriber: Subscriber,
        inbox: Subject,
        batch: usize,
    ) -> Self {
        Self {
            consumer,
            subscriber,
            inbox,
            batch,
            outstanding: 0,
        }
    }

    /// The next message, however long that takes.
    ///
    /// Cancel safe: a message that has come is returned, with no `await` between.
    pub(super) async fn next(&mut self) -> Result<Message> {
        loop {
            self.ask().await?;
            let Ok(came) = timeout(2 * HEARTBEAT, self.subscriber.next()).await else {
                // The request is lost: the server was restarted, or the connection was.
                self.outstanding = 0;
                continue;
            };
            match read(came.ok_or("the client is closed")?) {
                Came::Message(message) => {
                    self.outstanding = self.outstanding.saturating_sub(1);
                    return Ok(message);
                }
                Came::Ended(missing) => {
                    self.outstanding = self.outstanding.saturating_sub(missing);
                }
                Came::Heartbeat => {}
                Came::NobodyThere => {
                    self.outstanding = 0;
                    sleep(NOBODY_THERE).await;
                }
                Came::Over(why) => return Err(why.into()),
            }
        }
    }

    /// Asks for more in time, so that the next batch is there when this one is done.
    async fn ask(&mut self) -> Result {
        if self.outstanding > self.batch / 2 {
            return Ok(());
        }
        let more = self.batch - self.outstanding;
        let batch = BatchConfig {
            batch: more,
            expires: Some(EXPIRES),
            idle_heartbeat: HEARTBEAT,
            ..BatchConfig::default()
        };
        let asked = self.consumer.request_batch(batch, self.inbox.clone());
        asked.await?;
        self.outstanding += more;
        Ok(())
    }

    /// Asks for nothing more, and returns what was on its way: the server forgets the requests when nobody listens.
    pub(super) async fn stop(&mut self) -> Result<Vec<Message>> {
        self.subscriber.drain().await?;
        let mut on_its_way = Vec::new();
        while let Some(message) = self.subscriber.next().await {
            if let Came::Message(message) = read(message) {
                on_its_way.push(message);
            }
        }
        Ok(on_its_way)
    }
}

fn read(message: Message) -> Came {
    let text = message.description.as_deref().unwrap_or_default();
    match message.status.unwrap_or(StatusCode::OK) {
        StatusCode::OK => Came::Message(message),
        StatusCode::IDLE_HEARTBEAT => Came::Heartbeat,
        StatusCode::NO_RESPONDERS => Came::NobodyThere,
        StatusCode::TIMEOUT | StatusCode::REQUEST_TERMINATED => match text {
            "Consumer Deleted" | "Consumer is push based" => Came::Over(text.to_owned()),
            text if text.starts_with("Exceeded MaxRequest") => Came::Over(text.to_owned()),
            _ => Came::Ended(missing(&message)),
        },
        status => Came::Over(format!("{status} {text}")),
    }
}

/// How many of a request did not come; all, where that is not said.
fn missing(message: &Message) -> usize {
    let headers = message.headers.as_ref();
    let pending = headers.and_then(|headers| headers.get("Nats-Pending-Messages"));
    let pending = pending.and_then(|pending| pending.as_str().parse().ok());
    pending.unwrap_or(usize::MAX)
}
