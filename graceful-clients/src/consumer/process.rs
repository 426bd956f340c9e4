//! One message: attempts, and what becomes of it.

use super::backoff::Backoff;
use super::counts::Counters;
use super::dead_letter::{Attempt, DeadLetter};
use super::source::Source;
use super::stop::Stop;
use graceful_runtime::{Error, Failure, IntoOutcome, Result};
use std::any::Any;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use tokio::select;
use tokio::time::sleep;

/// What the user does with each message. Boxed, so that the loop is compiled once for a source, and not with each
/// function; a task and its message are allocated for each anyway.
pub(super) type Process<M> = Box<dyn Fn(Arc<M>) -> Attempt + Send + Sync>;

/// What a consumer does with each message.
pub(super) struct Work<S: Source> {
    pub(super) source: S,
    pub(super) process: Process<S::Message>,
    pub(super) backoff: Backoff,
    pub(super) dead_letter: Option<DeadLetter<S::Message>>,
    pub(super) counters: Counters,
}

/// How far it came with one.
enum Reached {
    Processed,
    DeadLettered,
    /// It failed, and there is no time for another attempt.
    Failed,
    /// It was cut in the middle of an attempt.
    Cut,
}

/// Counts a message as unknown where its task is dropped: with its runtime.
struct Unsettled<'a>(Option<&'a Counters>);

impl Unsettled<'_> {
    fn settle(mut self) {
        self.0 = None;
    }
}

impl Drop for Unsettled<'_> {
    fn drop(&mut self) {
        if let Some(counters) = self.0 {
            counters.unknown();
        }
    }
}

impl<S: Source> Work<S> {
    /// Takes one message to its end.
    pub(super) async fn settle(&self, message: S::Message, stop: &Stop) {
        let unsettled = Unsettled(Some(&self.counters));
        let message = Arc::new(message);
        let reached = self.attempts(&message, stop).await;
        let settled = match reached {
            Reached::Processed | Reached::DeadLettered => {
                let acknowledged = self.source.acknowledge(&message);
                let acknowledged = stop.until_cut(acknowledged).await;
                acknowledged.unwrap_or_else(|| Err("it was not acknowledged in time".into()))
            }
            Reached::Failed => self.source.hand_back(message).await,
            Reached::Cut => {
                let handed_back = self.source.hand_back(message).await;
                handed_back.and_then(|()| Err("it was cut in the middle, and handed back".into()))
            }
        };
        unsettled.settle();
        self.count(&reached, settled, stop);
    }

    fn count(&self, reached: &Reached, settled: Result, stop: &Stop) {
        match (reached, settled) {
            (_, Err(error)) => {
                self.counters.unknown();
                let source = self.source.name();
                tracing::warn!(%source, %error, "it is unknown what became of a message");
                stop.remember(error);
            }
            (Reached::Processed, Ok(())) => self.counters.processed(),
            (Reached::DeadLettered, Ok(())) => self.counters.dead_lettered(),
            (Reached::Failed | Reached::Cut, Ok(())) => self.counters.handed_back(1),
        }
    }

    async fn attempts(&self, message: &Arc<S::Message>, stop: &Stop) -> Reached {
        if stop.is_cut() {
            return Reached::Failed;
        }
        let mut attempts: u32 = 0;
        loop {
            let attempt = guarded(|| (self.process)(message.clone()));
            let failure = match stop.until_cut(attempt).await {
                None => return Reached::Cut,
                Some(Ok(())) => return Reached::Processed,
                Some(Err(error)) => Failure::new(error),
            };
            attempts = attempts.saturating_add(1);
            let source = self.source.name();
            tracing::warn!(%source, attempts, error = %failure, "a message could not be processed");
            if let Some(dead_letter) = self.due(attempts) {
                let stored = guarded(|| dead_letter.store(message, failure));
                match stop.until_cut(stored).await {
                    None => return Reached::Cut,
                    Some(Ok(())) => return Reached::DeadLettered,
                    Some(Err(error)) => {
                        tracing::warn!(%source, %error, "a dead letter could not be stored");
                    }
                }
            }
            select! {
                biased;
                () = stop.begun() => return Reached::Failed,
                () = sleep(self.backoff.after(attempts)) => {}
            }
        }
    }

    fn due(&self, attempts: u32) -> Option<&DeadLetter<S::Message>> {
        let dead_letter = self.dead_letter.as_ref()?;
        dead_letter.is_due(attempts).then_some(dead_letter)
    }
}

/// Runs code of others; a panic is an error.
pub(super) async fn guarded<R: Future<Output: IntoOutcome>>(begin: impl FnOnce() -> R) -> Result {
    let future = catch_unwind(AssertUnwindSafe(begin)).map_err(panicked)?;
    let mut future = pin!(future);
    // After a panic nothing of the future is used but its drop.
    let caught = poll_fn(|task| {
        let poll = || future.as_mut().poll(task).map(IntoOutcome::into_outcome);
        catch_unwind(AssertUnwindSafe(poll))
            .unwrap_or_else(|payload| Poll::Ready(Err(panicked(payload))))
    });
    caught.await
}

fn panicked(payload: Box<dyn Any + Send>) -> Error {
    let text = payload
        .downcast_ref::<&'static str>()
        .map(|text| (*text).to_owned())
        .or_else(|| payload.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "without a message".to_owned());
    // It is the user's value, and its `Drop` may panic again.
    std::mem::forget(payload);
    format!("it panicked: {text}").into()
}
