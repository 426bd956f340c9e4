//! One thing that the service can't work without.

use graceful_runtime::{Error, Failure, Result};
use std::any::Any;
use std::borrow::Cow;
use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::SetOnce;
use tokio::time::{Instant, timeout};
use tokio_util::task::AbortOnDropHandle;

type Asking = Pin<Box<dyn Future<Output = Result> + Send>>;

/// Something that the service can't work without, and how to ask whether it is well:
/// [`Health::check`](super::Health::check).
///
/// ```
/// use graceful::health::Check;
/// use std::time::Duration;
/// use tokio::net::TcpStream;
///
/// let broker = Check::new("broker", || TcpStream::connect("broker:4222"))
///     .timeout(Duration::from_millis(500))
///     .max_age(Duration::from_secs(5));
/// ```
pub struct Check {
    name: Cow<'static, str>,
    timeout: Duration,
    max_age: Duration,
    ask: Box<dyn Fn() -> Asking + Send + Sync>,
    // A mutex: taken by each probe, for a moment.
    latest: Mutex<Option<Arc<Answer>>>,
}

/// An answer, or one that is on its way: every probe of that time waits for it.
type Answer = SetOnce<Arc<Known>>;

/// What a check found.
pub(super) struct Known {
    at: Instant,
    pub(super) took: Duration,
    /// What is wrong, if something is.
    pub(super) error: Option<String>,
}

impl Check {
    /// A check by this name. `ask` is called for a probe, unless the last answer is young enough;
    /// an error, a panic and a timeout mean that something is wrong, any value that it is well.
    pub fn new<F, R, T, E>(name: impl Into<Cow<'static, str>>, ask: F) -> Self
    where
        F: Fn() -> R + Send + Sync + 'static,
        R: Future<Output = Result<T, E>> + Send + 'static,
        E: Into<Error>,
    {
        Self {
            name: name.into(),
            timeout: Duration::from_secs(1),
            max_age: Duration::from_secs(1),
            ask: Box::new(move || {
                let asking = ask();
                Box::pin(async { asking.await.map(drop).map_err(Into::into) })
            }),
            latest: Mutex::default(),
        }
    }

    /// How long it may take; then it is not well. Default: 1 s, which is also what Kubernetes gives a probe
    /// ([`timeoutSeconds`][probe]).
    ///
    /// [probe]: https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#configure-probes
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// How old an answer may be that is given again. Default: 1 s.
    #[must_use]
    pub fn max_age(mut self, age: Duration) -> Self {
        self.max_age = age;
        self
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Asks, or gives the last answer.
    ///
    /// # Cancel safety
    ///
    /// Dropped, what was asked is answered all the same, for the next probe.
    pub(super) async fn answer(self: &Arc<Self>) -> Arc<Known> {
        let answer = self.latest();
        answer.wait().await.clone()
    }

    /// The last answer, however old.
    pub(super) fn known(&self) -> Option<Arc<Known>> {
        self.lock().as_ref()?.get().cloned()
    }

    fn lock(&self) -> MutexGuard<'_, Option<Arc<Answer>>> {
        // No user code runs under the lock, so a poisoned one is a whole one.
        self.latest.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The answer that is young enough, or on its way; asks where there is none.
    fn latest(self: &Arc<Self>) -> Arc<Answer> {
        let mut latest = self.lock();
        let is_young = |answer: &&Arc<Answer>| {
            let known = answer.get();
            known.is_none_or(|known| known.age() < self.max_age)
        };
        if let Some(young) = latest.as_ref().filter(is_young) {
            return young.clone();
        }
        let before = latest.as_ref().and_then(|answer| answer.get());
        let was_well = before.is_none_or(|known| known.error.is_none());
        let answer = latest.insert(Arc::default()).clone();
        let (check, asked) = (self.clone(), answer.clone());
        // Without the probe that has begun it, it goes on to its timeout: the next one finds what came of it.
        tokio::spawn(async move {
            let known = check.ask(was_well).await;
            // Nobody else sets it.
            let _ = asked.set(Arc::new(known));
        });
        answer
    }

    async fn ask(self: Arc<Self>, was_well: bool) -> Known {
        let began = Instant::now();
        let check = self.clone();
        // In a task: a panic is an answer like others, remembered, so that it is not provoked again by every probe. The
        // error's text, and its drop, are the user's too.
        let asking = AbortOnDropHandle::new(tokio::spawn(async move {
            let answer = (check.ask)().await;
            answer.err().map(|error| Failure::new(error).to_string())
        }));
        let error = match timeout(self.timeout, asking).await {
            Ok(Ok(error)) => error,
            Ok(Err(failed)) => Some(match failed.try_into_panic() {
                Ok(payload) => format!("panicked: {}", message(&*payload)),
                Err(failed) => failed.to_string(),
            }),
            Err(_) => Some(format!("no answer within {:?}", self.timeout)),
        };
        let name = self.name();
        match &error {
            Some(error) if was_well => {
                tracing::warn!(target: "graceful", check = name, error, "not well");
            }
            None if !was_well => tracing::info!(target: "graceful", check = name, "well again"),
            _ => {}
        }
        let at = Instant::now();
        Known {
            at,
            took: at - began,
            error,
        }
    }
}

/// What a panic said.
fn message(payload: &(dyn Any + Send)) -> &str {
    let text = payload.downcast_ref::<&str>().copied();
    let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("without a message")
}

impl Known {
    pub(super) fn age(&self) -> Duration {
        self.at.elapsed()
    }
}

impl fmt::Debug for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Check")
            .field("name", &self.name)
            .field("timeout", &self.timeout)
            .field("max_age", &self.max_age)
            .finish_non_exhaustive()
    }
}
