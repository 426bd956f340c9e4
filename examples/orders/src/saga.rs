//! What an order needs after its answer: several steps, each of them kept, so that a saga goes on where it was.

use crate::store::Store;
use graceful::{ShuttingDown, Tracker};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::sleep;

const STEPS: [&str; 4] = ["placed", "reserved", "charged", "confirmed"];

#[derive(Clone)]
pub(crate) struct Sagas {
    store: Store,
    tracker: Tracker,
    letters: Arc<Notify>,
    step: Duration,
}

impl Sagas {
    pub(crate) fn new(
        store: Store,
        tracker: Tracker,
        letters: Arc<Notify>,
        step: Duration,
    ) -> Self {
        Self {
            store,
            tracker,
            letters,
            step,
        }
    }

    /// Carries on with those that an earlier process could not finish.
    pub(crate) async fn resume(&self) -> anyhow::Result<()> {
        for order in self.store.unfinished().await? {
            self.begin(order)?;
        }
        Ok(())
    }

    /// Refused while the service stops, at once and with an error of its own type.
    pub(crate) fn begin(&self, order: i64) -> Result<(), ShuttingDown> {
        let saga = self.clone();
        self.tracker.spawn(async move {
            if let Err(error) = saga.run(order).await {
                tracing::error!(order, %error, "a saga goes on at the next start");
            }
        })?;
        Ok(())
    }

    async fn run(&self, order: i64) -> sqlx::Result<()> {
        let state = self.store.state(order).await?.unwrap_or_default();
        let done = STEPS.iter().position(|step| *step == state).unwrap_or(0);
        for step in &STEPS[done + 1..] {
            sleep(self.step).await;
            self.store.advance(order, step).await?;
            self.letters.notify_one();
        }
        Ok(())
    }
}
