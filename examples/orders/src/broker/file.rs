//! A file with a message in each line, for those who have no broker.

use anyhow::Context as _;
use std::sync::Arc;
use tokio::fs::File;
use tokio::io::AsyncWriteExt as _;
use tokio::sync::Mutex;

#[derive(Clone, Debug, graceful::Shutdown)]
pub(crate) struct Broker {
    // A lock: lines of two messages must not mix.
    #[shutdown(with = close)]
    topic: Arc<Mutex<File>>,
}

impl Broker {
    pub(crate) async fn connect(topic: &str) -> anyhow::Result<Self> {
        let file = File::options().append(true).create(true).open(topic).await;
        let topic = Arc::new(Mutex::new(file.with_context(|| topic.to_owned())?));
        Ok(Self { topic })
    }

    /// Returns once the message is written.
    pub(crate) async fn send(&self, order: i64, state: &str) -> anyhow::Result<()> {
        let line = serde_json::json!({ "order": order, "state": state });
        let mut topic = self.topic.lock().await;
        topic.write_all(format!("{line}\n").as_bytes()).await?;
        topic.flush().await?;
        Ok(())
    }
}

async fn close(topic: Arc<Mutex<File>>, _cx: graceful::Context) -> std::io::Result<()> {
    topic.lock().await.sync_all().await
}
