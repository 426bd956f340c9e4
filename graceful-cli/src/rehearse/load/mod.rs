//! What clients do to a program: open-loop requests, slow ones, streams, and a client that never ends its request.

mod half;
mod request;
mod stream;
mod tally;

use super::options::Connections;
use request::Http;
use serde::Serialize;
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{Instant, MissedTickBehavior, interval};

pub(super) use half::half_a_request;
pub(super) use request::{Outcome, Template, client, failed};
pub(super) use stream::{End, Stream, events, websocket};
pub(super) use tally::{Tally, refuses_after};

/// How many slow requests are in flight when the signal comes.
const SLOW: usize = 5;

/// Which client a request is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Source {
    KeepAlive,
    New,
    Slow,
}

/// One request that was made.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sample {
    pub(super) source: Source,
    pub(super) sent: Instant,
    pub(super) took: Duration,
    pub(super) outcome: Outcome,
}

/// Requests that are sent when they are due, whether the ones before them were answered or not.
pub(super) struct Load {
    stop: oneshot::Sender<()>,
    driver: JoinHandle<Vec<Sample>>,
}

impl Load {
    /// `rate` a second on each kind of connection.
    pub(super) fn start(
        kinds: &[Connections],
        rate: u32,
        template: Template,
        limit: Duration,
    ) -> Self {
        let clients: Vec<_> = kinds
            .iter()
            .map(|kind| match kind {
                Connections::KeepAlive => (Source::KeepAlive, client(true)),
                Connections::New => (Source::New, client(false)),
            })
            .collect();
        let (stop, mut stopped) = oneshot::channel();
        let driver = tokio::spawn(async move {
            let mut due = interval(Duration::from_secs(1) / rate);
            // Late ones are sent all the same: that is what open-loop means.
            due.set_missed_tick_behavior(MissedTickBehavior::Burst);
            let (mut requests, mut samples) = (JoinSet::new(), Vec::new());
            loop {
                tokio::select! {
                    _ = due.tick() => {
                        for (source, client) in &clients {
                            requests.spawn(one(*source, client.clone(), template.clone(), limit));
                        }
                    }
                    Some(sample) = requests.join_next() => samples.extend(sample),
                    _ = &mut stopped => break,
                }
            }
            while let Some(sample) = requests.join_next().await {
                samples.extend(sample);
            }
            samples
        });
        Self { stop, driver }
    }

    /// Sends no more, and waits for what was sent.
    pub(super) async fn stop(self) -> Vec<Sample> {
        // The driver lives until it is told.
        let _ = self.stop.send(());
        self.driver.await.unwrap_or_default()
    }
}

/// Requests whose answers take a while.
pub(super) fn slow(template: &Template, limit: Duration) -> JoinSet<Sample> {
    let client = client(false);
    let mut requests = JoinSet::new();
    for _ in 0..SLOW {
        requests.spawn(one(Source::Slow, client.clone(), template.clone(), limit));
    }
    requests
}

async fn one(source: Source, client: Http, template: Template, limit: Duration) -> Sample {
    let sent = Instant::now();
    let outcome = request::send(&client, &template, limit).await;
    Sample {
        source,
        sent,
        took: sent.elapsed(),
        outcome,
    }
}
