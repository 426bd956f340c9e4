//! The way out: a source.

use crate::consumer::Source;
use graceful_runtime::{IntoOutcome, Result};
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use tokio::sync::Mutex;
use tokio::sync::mpsc::Receiver;

/// Where the items of a [`Queue`](super::Queue) come out: the source of a consumer.
pub struct QueueSource<T> {
    // A lock: the source of a consumer is shared, and a receiver is not. It is taken by one task at a time.
    items: Mutex<Receiver<T>>,
    left_over: Option<LeftOver<T>>,
}

type Stored = Pin<Box<dyn Future<Output = Result> + Send>>;
type LeftOver<T> = Box<dyn Fn(Arc<T>) -> Stored + Send + Sync>;

impl<T: Send + Sync + 'static> QueueSource<T> {
    pub(super) fn new(items: Receiver<T>) -> Self {
        Self {
            items: Mutex::new(items),
            left_over: None,
        }
    }

    /// Puts aside the items that were accepted and can't be processed before the consumer's limit: those
    /// that wait for their next attempt, and those that there was no time for. It is called for each, at the end.
    ///
    /// Without it they are lost, and the consumer's step fails with their number.
    #[must_use]
    pub fn left_over<F, R>(mut self, store: F) -> Self
    where
        F: Fn(Arc<T>) -> R + Send + Sync + 'static,
        R: Future<Output: IntoOutcome> + Send + 'static,
    {
        self.left_over = Some(Box::new(move |item| {
            let stored = store(item);
            Box::pin(async { stored.await.into_outcome() })
        }));
        self
    }
}

impl<T: Send + Sync + 'static> Source for QueueSource<T> {
    type Message = T;

    fn name(&self) -> String {
        format!("queue of {}", std::any::type_name::<T>())
    }

    async fn take(&self) -> Result<Option<T>> {
        Ok(self.items.lock().await.recv().await)
    }

    async fn acknowledge(&self, _item: &T) -> Result {
        Ok(())
    }

    async fn hand_back(&self, item: Arc<T>) -> Result {
        match &self.left_over {
            Some(store) => store(item).await,
            None => Err("it is lost: the queue has no `left_over`".into()),
        }
    }

    async fn stop(&self) -> Result<usize> {
        // What senders have sent before stays to be taken.
        self.items.lock().await.close();
        Ok(0)
    }

    async fn take_rest(&self) -> Option<T> {
        self.items.lock().await.recv().await
    }

    /// Usually nothing is left here: it is where nobody came to take the rest.
    async fn close(&self) -> Result {
        let mut items = self.items.lock().await;
        items.close();
        let mut lost = 0_usize;
        while let Ok(item) = items.try_recv() {
            if self.hand_back(Arc::new(item)).await.is_err() {
                lost += 1;
            }
        }
        if lost > 0 {
            return Err(format!("{lost} items were accepted and are lost").into());
        }
        Ok(())
    }
}

impl<T> fmt::Debug for QueueSource<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("QueueSource")
            .field("has_left_over", &self.left_over.is_some())
            .finish_non_exhaustive()
    }
}
