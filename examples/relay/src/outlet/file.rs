//! A file with a receipt in each line, for those who have no broker.

use anyhow::Context as _;
use std::sync::Arc;
use tokio::fs::File;
use tokio::io::AsyncWriteExt as _;
use tokio::sync::Mutex;

#[derive(Clone, Debug, graceful::Shutdown)]
pub(crate) struct Outlet {
    // A lock: lines of two receipts must not mix.
    #[shutdown(with = close)]
    topic: Arc<Mutex<File>>,
}

impl Outlet {
    pub(crate) async fn connect(topic: &str) -> anyhow::Result<Self> {
        let file = File::options().append(true).create(true).open(topic).await;
        let file = file.with_context(|| topic.to_owned())?;
        Ok(Self {
            topic: Arc::new(Mutex::new(file)),
        })
    }

    /// Returns once the receipt is written.
    pub(crate) async fn send(&self, _id: i64, receipt: &str) -> anyhow::Result<()> {
        let mut topic = self.topic.lock().await;
        topic.write_all(format!("{receipt}\n").as_bytes()).await?;
        topic.flush().await?;
        Ok(())
    }
}

async fn close(topic: Arc<Mutex<File>>, _cx: graceful::Context) -> std::io::Result<()> {
    topic.lock().await.sync_all().await
}
