//! From the table to the broker: in its order, and each letter at least once.

use crate::broker::Broker;
use crate::store::Store;
use graceful::Context;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::{sleep, timeout};
use tokio_util::task::AbortOnDropHandle;

/// Between two attempts to reach a broker that does not answer, and between two looks at a table that nobody says has changed.
const PAUSE: Duration = Duration::from_millis(200);

pub(crate) struct Outbox {
    store: Store,
    changed: Arc<Notify>,
    /// It sends for as long as there is an outbox.
    _sender: AbortOnDropHandle<()>,
}

impl Outbox {
    pub(crate) fn start(store: Store, broker: Broker) -> Self {
        let changed = Arc::new(Notify::new());
        let sender = tokio::spawn(send_all(store.clone(), broker, changed.clone()));
        Self {
            store,
            changed,
            _sender: AbortOnDropHandle::new(sender),
        }
    }

    /// Who writes into the table says so here.
    pub(crate) fn changed(&self) -> Arc<Notify> {
        self.changed.clone()
    }

    /// Waits until nothing is left. What is, at the limit, goes out after the next start: the error says how much.
    pub(crate) async fn drain(self, cx: Context) -> anyhow::Result<()> {
        loop {
            let backlog = self.store.backlog().await?;
            if backlog == 0 {
                return Ok(());
            }
            cx.progress(format!("{backlog} in the outbox"));
            self.changed.notify_one();
            sleep(Duration::from_millis(10)).await;
        }
    }
}

async fn send_all(store: Store, broker: Broker, changed: Arc<Notify>) {
    loop {
        match send(&store, &broker).await {
            Ok(0) => drop(timeout(PAUSE, changed.notified()).await),
            Ok(_) => {}
            Err(error) => {
                tracing::warn!(%error, "the outbox waits");
                sleep(PAUSE).await;
            }
        }
    }
}

/// Returns how many went out.
async fn send(store: &Store, broker: &Broker) -> anyhow::Result<usize> {
    let letters = store.letters().await?;
    for letter in &letters {
        broker.send(letter.order, &letter.state).await?;
        store.sent(letter.id).await?;
    }
    Ok(letters.len())
}
