//! The end of the pipeline: subscribers are told.

use crate::store::{Event, Store};
use std::sync::Arc;

/// Stands for a call to each subscriber; the table is what they have heard.
pub(crate) async fn notify(store: Store, event: Arc<Event>) -> sqlx::Result<()> {
    store.set_notified(&event).await
}
