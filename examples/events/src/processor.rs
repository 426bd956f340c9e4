//! The middle of the pipeline.

use crate::checkpoint::Checkpoint;
use crate::store::{Event, Store};
use anyhow::{Context as _, ensure};
use graceful::Failure;
use graceful_clients::queue::Queue;
use std::sync::Arc;

/// Sends the event on, and then says that it is processed. If it ends between the two, the event comes again, and subscribers get it a
/// second time: they know what they have had.
pub(crate) async fn process(
    store: Store,
    notices: Queue<Event>,
    checkpoint: Checkpoint,
    event: Arc<Event>,
) -> anyhow::Result<()> {
    ensure!(event.amount != 0, "an event without an amount");
    if !store.is_processed(&event).await? {
        let sent = notices.send(Event::clone(&event)).await;
        sent.context("the notifier is closed before the processor: this can't be")?;
        store.set_processed(&event).await?;
    }
    checkpoint.reach(event.number);
    Ok(())
}

/// Puts aside what can't be processed, so that the rest goes on.
pub(crate) async fn give_up(
    store: Store,
    checkpoint: Checkpoint,
    event: Arc<Event>,
    error: Failure,
) -> sqlx::Result<()> {
    store.add_dead_letter(&event, &error).await?;
    checkpoint.reach(event.number);
    Ok(())
}
