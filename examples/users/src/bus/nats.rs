//! NATS.

use anyhow::Context as _;
use async_nats::{Client, Subscriber};
use futures_util::StreamExt as _;
use graceful::Context;

const SUBJECT: &str = "users";

#[derive(Clone, Debug)]
pub(crate) struct Bus(Client);

pub(crate) struct Events(Subscriber);

impl Bus {
    pub(crate) async fn connect() -> anyhow::Result<Self> {
        let url = std::env::var("BUS").context("such as nats://127.0.0.1")?;
        Ok(Self(async_nats::connect(url).await?))
    }

    pub(crate) async fn publish(&self, event: String) -> anyhow::Result<()> {
        Ok(self.0.publish(SUBJECT, event.into()).await?)
    }

    pub(crate) async fn events(&self) -> anyhow::Result<Events> {
        Ok(Events(self.0.subscribe(SUBJECT).await?))
    }

    /// What was published has reached the server, and subscriptions have had what was on its way to them.
    pub(crate) async fn close(self, cx: Context) -> graceful::Result {
        graceful_clients::async_nats::drain(self.0, cx).await
    }
}

impl Events {
    pub(crate) async fn next(&mut self) -> Option<String> {
        let message = self.0.next().await?;
        Some(String::from_utf8_lossy(&message.payload).into_owned())
    }
}
