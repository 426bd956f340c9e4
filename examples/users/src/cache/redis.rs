//! Redis.

use crate::store::User;
use anyhow::Context as _;
use graceful::Context;
use redis::AsyncCommands as _;
use redis::aio::MultiplexedConnection;
use std::future::{Ready, ready};

/// How long a user is kept, in seconds.
const KEPT: u64 = 60;

#[derive(Clone, Debug)]
pub(crate) struct Cache(MultiplexedConnection);

impl Cache {
    pub(crate) async fn connect() -> anyhow::Result<Self> {
        let url = std::env::var("CACHE").context("such as redis://127.0.0.1")?;
        let client = redis::Client::open(url)?;
        Ok(Self(client.get_multiplexed_async_connection().await?))
    }

    /// A cache that does not answer is one that knows nothing.
    pub(crate) async fn user(&self, id: i64) -> Option<User> {
        let text: Option<String> = self.0.clone().get(key(id)).await.ok()?;
        serde_json::from_str(&text?).ok()
    }

    pub(crate) async fn keep(&self, user: &User) {
        let text = serde_json::json!(user).to_string();
        let kept: redis::RedisResult<()> = self.0.clone().set_ex(key(user.id), text, KEPT).await;
        if let Err(error) = kept {
            tracing::warn!(%error, "the cache");
        }
    }

    /// The connection ends with its last clone: each answer that somebody waits for has come by then.
    pub(crate) fn close(self, _cx: Context) -> Ready<()> {
        drop(self);
        ready(())
    }
}

fn key(id: i64) -> String {
    format!("user:{id}")
}
