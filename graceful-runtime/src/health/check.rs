//! One thing that the service can't work without.

use crate::outcome::{Error, Result, caught, with_sources};
use std::borrow::Cow;
use std::fmt;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};

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
    /// Held while it is asked, so that many probes ask once.
    known: Mutex<Option<Arc<Known>>>,
}

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
            known: Mutex::default(),
        }
    }

    /// How long it may take. Default: 1 s, which is also what Kubernetes gives a probe.
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
    /// Dropped, the next probe asks again.
    pub(super) async fn answer(&self) -> Arc<Known> {
        let mut known = self.known.lock().await;
        let young = known.as_ref().filter(|known| known.age() < self.max_age);
        if let Some(young) = young {
            return young.clone();
        }
        let began = Instant::now();
        let error = match timeout(self.timeout, self.asked()).await {
            Ok(error) => error,
            Err(_) => Some(format!("no answer within {:?}", self.timeout)),
        };
        let was_well = known.as_ref().is_none_or(|known| known.error.is_none());
        let name = self.name();
        match &error {
            Some(error) if was_well => {
                tracing::warn!(target: "graceful", check = name, error, "not well");
            }
            None if !was_well => tracing::info!(target: "graceful", check = name, "well again"),
            _ => {}
        }
        let at = Instant::now();
        let now = Arc::new(Known {
            at,
            took: at - began,
            error,
        });
        *known = Some(now.clone());
        now
    }

    /// What is wrong, if something is. A panic is an answer like others: remembered, so that it is not
    /// provoked again by every probe, and logged.
    async fn asked(&self) -> Option<String> {
        let mut asking = pin!(async { (self.ask)().await });
        poll_fn(|task| {
            let poll = || {
                let answer = asking.as_mut().poll(task);
                answer.map(|answer| answer.err().map(|error| with_sources(&*error)))
            };
            // The error's text, and its drop, are the user's too.
            let polled = catch_unwind(AssertUnwindSafe(poll));
            polled.unwrap_or_else(|payload| {
                Poll::Ready(Some(format!("panicked: {}", caught(payload))))
            })
        })
        .await
    }
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
