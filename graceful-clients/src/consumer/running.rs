//! The loop, and how it is closed.

use super::counts::Counts;
use super::in_hand::InHand;
use super::process::{Work, guarded};
use super::source::Source;
use super::stop::Stop;
use super::timetable::Timetable;
use graceful_runtime::{Context, Drain, Error, Failure, Handle, Reason, Result, drain};
use std::borrow::Cow;
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use tokio::select;
use tokio::sync::{Mutex, OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout_at;
use tokio_util::task::TaskTracker;

/// A consumer that runs, whatever its source.
pub(super) trait Run: Send + Sync {
    fn counts(&self) -> Counts;
    fn in_hand(&self) -> usize;
    fn stop(&self);
    fn close(self: Arc<Self>, cx: Context) -> Pin<Box<dyn Future<Output = Result> + Send>>;
}

pub(super) struct Running<S: Source> {
    work: Work<S>,
    stop: Stop,
    in_hand: InHand,
    free: Arc<Semaphore>,
    /// The loop, and each message.
    tasks: TaskTracker,
    // A lock: several fields may hold one consumer, and the last of them waits for the one that closes the source.
    is_closed: Mutex<bool>,
}

impl<S: Source> Running<S> {
    pub(super) fn start(work: Work<S>, concurrency: usize, name: Cow<'static, str>) -> Arc<Self> {
        let running = Arc::new(Self {
            work,
            stop: Stop::default(),
            in_hand: InHand::default(),
            free: Arc::new(Semaphore::new(concurrency)),
            tasks: TaskTracker::new(),
            is_closed: Mutex::new(false),
        });
        running
            .tasks
            .spawn(running.clone().consume(Alarm::new(name)));
        running.tasks.close();
        running
    }

    async fn consume(self: Arc<Self>, alarm: Alarm) {
        let taken = self.take_all().await;
        alarm.silence(taken, &self.work.source.name());
        self.stop.begun().await;
        tokio::join!(self.stop_source(), self.take_rest());
    }

    async fn stop_source(&self) {
        let stopped = guarded(|| async {
            let count = self.work.source.stop().await?;
            self.work.counters.handed_back(count);
            Ok::<_, Error>(())
        });
        let stopped = self.stop.until_cut(stopped).await;
        let stopped = stopped.unwrap_or_else(|| Err("it did not stop delivering in time".into()));
        if let Err(error) = stopped {
            self.stop.remember(error);
        }
    }

    /// Once, whoever closes the consumer.
    async fn close_source(&self) -> Result {
        let mut is_closed = self.is_closed.lock().await;
        if std::mem::replace(&mut *is_closed, true) {
            return Ok(());
        }
        self.work.source.close().await
    }

    /// What comes after the cut is handed back without an attempt.
    async fn take_rest(self: &Arc<Self>) {
        while let Some(message) = self.work.source.take_rest().await {
            let permit = self.free.clone().acquire_owned();
            let permit = self.stop.until_cut(permit).await.and_then(Result::ok);
            self.begin(message, permit);
        }
    }

    async fn take_all(self: &Arc<Self>) -> Result {
        loop {
            let permit = select! {
                biased;
                () = self.stop.begun() => return Ok(()),
                permit = self.free.clone().acquire_owned() => permit.ok(),
                never = self.keep_alive() => match never {},
            };
            let taken = select! {
                biased;
                () = self.stop.begun() => return Ok(()),
                taken = self.work.source.take() => taken?,
            };
            let Some(message) = taken else {
                return Ok(());
            };
            self.begin(message, permit);
        }
    }

    fn begin(self: &Arc<Self>, message: S::Message, permit: Option<OwnedSemaphorePermit>) {
        let this = self.clone();
        self.tasks.spawn(async move {
            let _one_of = this.in_hand.begin();
            let _until_the_end = permit;
            this.work.settle(message, &this.stop).await;
        });
    }

    async fn keep_alive(&self) -> Infallible {
        self.work.source.keep_alive().await;
        std::future::pending().await
    }

    async fn finish(self: Arc<Self>, cx: Context) -> Result {
        let before = self.work.counters.snapshot();
        let timetable = Timetable::until(cx.deadline());
        let drained = async {
            select! {
                () = drain(self.clone(), cx.clone()) => {}
                never = self.keep_alive() => match never {},
            }
        };
        // Dropped at that time, it cuts what is left.
        if timeout_at(timetable.cut, drained).await.is_err() {
            // What does not even end now is counted below.
            let _ = timeout_at(timetable.close, self.tasks.wait()).await;
        }
        let left = self.in_hand.len() as u64;
        let source = self.work.source.name();
        cx.progress(format!("closing {source}"));
        let closed = timeout_at(timetable.end, self.close_source()).await;
        let mut counts = self.work.counters.snapshot();
        counts.unknown += left;
        cx.note(counts.to_string());
        let unknown = counts.unknown.saturating_sub(before.unknown);
        let closed = closed.unwrap_or_else(|_| Err("no answer within the limit".into()));
        let problems: Vec<_> = [
            match unknown {
                0 => None,
                1 => Some("it is unknown what became of 1 message".to_owned()),
                _ => Some(format!("it is unknown what became of {unknown} messages")),
            },
            self.stop
                .take_error()
                .map(|error| format!("first error: {}", Failure::new(error))),
            closed
                .err()
                .map(|error| format!("close: {}", Failure::new(error))),
        ]
        .into_iter()
        .flatten()
        .collect();
        if problems.is_empty() {
            return Ok(());
        }
        Err(format!("{source}: {}", problems.join("; ")).into())
    }
}

impl<S: Source> Run for Running<S> {
    fn counts(&self) -> Counts {
        self.work.counters.snapshot()
    }

    fn in_hand(&self) -> usize {
        self.in_hand.len()
    }

    fn stop(&self) {
        self.stop.begin();
    }

    fn close(self: Arc<Self>, cx: Context) -> Pin<Box<dyn Future<Output = Result> + Send>> {
        Box::pin(self.finish(cx))
    }
}

impl<S: Source> Drain for Running<S> {
    fn close(&self, _cx: &Context) {
        self.stop.begin();
    }

    async fn ended(&self) {
        self.tasks.wait().await;
    }

    fn left(&self) -> Option<String> {
        let is_looping = || !self.tasks.is_empty();
        self.in_hand
            .in_words()
            .or_else(|| is_looping().then(|| "asking for nothing more".to_owned()))
    }

    fn in_flight(&self) -> Option<usize> {
        Some(self.in_hand.len())
    }

    fn cut(&self) {
        self.stop.cut_all();
    }
}

/// Stops the service when the loop ends before anybody asked it to.
struct Alarm {
    name: Cow<'static, str>,
    lifecycle: Option<Handle>,
    is_silent: bool,
}

impl Alarm {
    fn new(name: Cow<'static, str>) -> Self {
        Self {
            name,
            // None in a program that closes by hand: there it is an event alone.
            lifecycle: Handle::try_current().ok(),
            is_silent: false,
        }
    }

    fn silence(mut self, taken: Result, source: &str) {
        self.is_silent = true;
        if let Err(error) = taken {
            let error = Failure::new(error);
            tracing::error!(consumer = %self.name, %source, %error, "a source has ended");
            self.sound(format!("failed: {source}: {error}"));
        }
    }

    fn sound(&self, how: String) {
        if let Some(lifecycle) = &self.lifecycle {
            let name = self.name.clone();
            lifecycle.request(Reason::CriticalTask { name, how });
        }
    }
}

impl Drop for Alarm {
    fn drop(&mut self) {
        if !self.is_silent {
            let how = if std::thread::panicking() {
                "panicked"
            } else {
                "was dropped"
            };
            self.sound(how.to_owned());
        }
    }
}
