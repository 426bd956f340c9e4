//! Asking the server for messages, a batch at a time.

use async_nats::jetstream::consumer::PullConsumer;
use async_nats::jetstream::consumer::pull::BatchConfig;
use async_nats::{Client, Message, StatusCode, Subject, SubscribeError, Subscriber};
use futures_util::StreamExt as _;
use graceful_runtime::Result;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::time::{sleep, timeout};

/// For how long a request stands, where there are no messages for it.
const EXPIRES: Duration = Duration::from_secs(30);

/// How often the server shows that it has the request; twice without it, and it is asked again.
const HEARTBEAT: Duration = Duration::from_secs(5);

/// How long to wait where nobody is there to answer.
const NOBODY_THERE: Duration = Duration::from_millis(500);

/// How many heartbeats and ends of requests may be on their way, beside the messages.
const WORDS: u64 = 16;

/// How long the last of a subscription may take to come. A server that answers at all needs less; and where a user may not publish to
/// its own inbox, it never comes.
const LAST_COMES_WITHIN: Duration = Duration::from_millis(500);

/// What was asked for, and what has come of it.
pub(super) struct Pull {
    client: Client,
    consumer: PullConsumer,
    subscriber: Subscriber,
    inbox: Subject,
    batch: usize,
    /// Asked for, and not come yet.
    outstanding: usize,
    /// How much has come since the subscription was made.
    came: u64,
    /// How often the client had connected by then.
    connects: u64,
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
    /// Subscribes to what this consumer sends, at most so many messages at a time.
    pub(super) async fn open(
        client: Client,
        consumer: PullConsumer,
        batch: usize,
    ) -> std::result::Result<Self, SubscribeError> {
        let inbox = client.new_inbox();
        // Before the subscription: a connection that is lost between the two is one too many, not one too few.
        let connects = connects(&client);
        Ok(Self {
            subscriber: client.subscribe(inbox.clone()).await?,
            client,
            consumer,
            inbox: inbox.into(),
            batch,
            outstanding: 0,
            came: 0,
            connects,
        })
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
            self.came += 1;
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
    ///
    /// The client's `drain` forgets a subscription before the server has, and what comes between the two is with nobody until its
    /// `ack_wait` is over. So both are told at how many it ends, which both count. That many do come: what is missing
    /// comes from here.
    pub(super) async fn stop(&mut self) -> Result<Vec<Message>> {
        let mut on_its_way = Vec::new();
        // The server counts anew with each connection.
        if connects(&self.client) == self.connects {
            let may_come = self.outstanding as u64 + WORDS;
            let subscriber = &mut self.subscriber;
            subscriber.unsubscribe_after(self.came + may_come).await?;
            for _ in 0..may_come {
                self.client.publish(self.inbox.clone(), "".into()).await?;
            }
            if timeout(LAST_COMES_WITHIN, self.read_to_the_end(&mut on_its_way))
                .await
                .is_ok()
            {
                return Ok(on_its_way);
            }
        }
        self.subscriber.drain().await?;
        self.read_to_the_end(&mut on_its_way).await;
        Ok(on_its_way)
    }

    /// Cancel safe, as [`next`](Pull::next) is.
    async fn read_to_the_end(&mut self, messages: &mut Vec<Message>) {
        while let Some(message) = self.subscriber.next().await {
            // What is there to be counted alone has nobody to answer to.
            if message.reply.is_none() {
                continue;
            }
            if let Came::Message(message) = read(message) {
                messages.push(message);
            }
        }
    }
}

/// How often this client has connected.
pub(super) fn connects(client: &Client) -> u64 {
    // Relaxed: a number that is compared with an earlier one.
    client.statistics().connects.load(Ordering::Relaxed)
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
