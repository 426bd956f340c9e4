//! Waiting for what is in flight, saying what is left, and cutting it at the limit.

use crate::context::Context;
use crate::format::{Age, Listing};
use crate::futures::select;
use crate::outcome::caught;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::thread;
use std::time::Duration;
use tokio::time::{Instant, sleep_until};

/// How old what is said of the work in flight may be.
const EVERY: Duration = Duration::from_millis(250);

/// The report may be written before the future is dropped at its limit, so the last word comes
/// before it.
const BEFORE_THE_LIMIT: Duration = Duration::from_millis(10);

/// A server, a consumer, a pool: something that has work in flight when it is closed.
///
/// [`drain`] does the rest. A server for any protocol is a [`Shutdown`](crate::Shutdown) of a few lines:
///
/// ```
/// use graceful::{Context, Drain, Result, Shutdown, Summary, drain};
/// use std::sync::Arc;
/// use tokio::time::Instant;
/// # use std::sync::Mutex;
/// # use tokio_util::sync::CancellationToken;
///
/// struct Server(Arc<Connections>);
///
/// struct Connections {
///     /// The task that accepts ends with it, and each connection after its current request.
///     closing: CancellationToken,
///     /// Everything that is left ends with it, wherever it is.
///     cut: CancellationToken,
///     /// Closed when the last connection has been dropped.
///     open: tokio_util::task::TaskTracker,
///     began: Mutex<Vec<Instant>>,
/// }
///
/// impl Shutdown for Server {
///     async fn shutdown(self, cx: Context) -> Result {
///         drain(self.0, cx).await;
///         Ok(())
///     }
/// }
///
/// impl Drain for Connections {
///     fn close(&self, _cx: &Context) {
///         self.closing.cancel();
///         self.open.close();
///     }
///
///     async fn ended(&self) {
///         self.open.wait().await;
///     }
///
///     fn left(&self) -> Option<String> {
///         let began = self.began.lock().unwrap();
///         began.iter().map(|began| ("connection", *began)).collect::<Summary>().in_words()
///     }
///
///     fn cut(&self) {
///         self.cut.cancel();
///     }
/// }
/// ```
pub trait Drain: Send + Sync + 'static {
    /// Lets nothing new in from here on, and tells what is in to end.
    fn close(&self, cx: &Context);

    /// Resolves once nothing is left: everything that was in has ended, and has been dropped. It is asked
    /// for again after [`cut`](Drain::cut), and has to resolve then too.
    fn ended(&self) -> impl Future<Output = ()> + Send;

    /// What is left, in words; `None` where nothing is. Asked for several times a second, and where most things
    /// have a name and an age made with a [`Summary`].
    fn left(&self) -> Option<String>;

    /// How much is left, where that can be counted: it stands in the report beside the words, as a number. Default: not
    /// known.
    fn in_flight(&self) -> Option<usize> {
        None
    }

    /// Ends what is left, wherever it is. It only begins that, and does not block.
    fn cut(&self);
}

/// Closes what drains, and waits for its end; meanwhile what is left is the step's
/// [progress](Context::progress).
///
/// # Cancel safety
///
/// Dropped before the end, which is what happens at a step's limit, it cuts what is left. The next step waits for
/// the end of what was cut, for some milliseconds.
pub async fn drain<D: Drain>(what: Arc<D>, cx: Context) {
    what.close(&cx);
    let draining = Draining { what, cx };
    select(draining.what.ended(), draining.keep_telling()).await;
}

struct Draining<D: Drain> {
    what: Arc<D>,
    cx: Context,
}

impl<D: Drain> Draining<D> {
    async fn keep_telling(&self) {
        loop {
            self.tell();
            sleep_until(next(Instant::now(), self.cx.deadline())).await;
        }
    }

    /// Says what is left; `false` where nothing is.
    fn tell(&self) -> bool {
        let left = self.what.left();
        let is_left = left.is_some();
        if let Some(left) = left {
            self.cx.progress(left);
            if let Some(count) = self.what.in_flight() {
                self.cx.in_flight(count);
            }
        }
        is_left
    }
}

impl<D: Drain> Drop for Draining<D> {
    fn drop(&mut self) {
        // Told once more before anything is touched: this is the state at the limit.
        let told = catch_unwind(AssertUnwindSafe(|| self.tell()));
        // What can't be asked is cut too.
        let mut panics: Vec<_> = if *told.as_ref().unwrap_or(&true) {
            let cut = catch_unwind(AssertUnwindSafe(|| self.what.cut()));
            let what = self.what.clone();
            self.cx.await_after_cut(async move { what.ended().await });
            told.err().into_iter().chain(cut.err()).collect()
        } else {
            Vec::new()
        };
        // Two on their way would end the process.
        let goes_on = if thread::panicking() {
            None
        } else {
            panics.pop()
        };
        for panic in panics {
            caught(panic);
        }
        if let Some(panic) = goes_on {
            resume_unwind(panic);
        }
    }
}

fn next(now: Instant, limit: Instant) -> Instant {
    let last = limit.checked_sub(BEFORE_THE_LIMIT).unwrap_or(limit);
    let next = now + EVERY;
    if now < last { last.min(next) } else { next }
}

/// What is left of a [`Drain`], counted by name: collected from pairs of a name and the moment it began.
///
/// ```
/// use graceful::Summary;
/// use std::time::Duration;
/// use tokio::time::Instant;
///
/// let now = Instant::now();
/// let left: Summary = [
///     ("GET /events", now - Duration::from_secs(3)),
///     ("POST /orders", now - Duration::from_secs(42)),
///     ("POST /orders", now),
/// ].into_iter().collect();
/// let words = left.in_words().unwrap();
/// assert_eq!(words, "3 in flight: 2 × POST /orders (oldest 42 s), GET /events (3.0 s)");
/// ```
#[derive(Clone, Debug, Default)]
pub struct Summary {
    names: BTreeMap<Cow<'static, str>, Named>,
}

#[derive(Clone, Copy, Debug)]
struct Named {
    count: usize,
    oldest: Instant,
}

impl Summary {
    /// `3 in flight:` and the names, the most frequent first, those behind the fifth only counted; `None` where there
    /// are none.
    #[must_use]
    pub fn in_words(&self) -> Option<String> {
        let mut left: Vec<_> = self.names.iter().collect();
        // Of those that are as many, the oldest first.
        left.sort_by_key(|(_, named)| (std::cmp::Reverse(named.count), named.oldest));
        let total: usize = left.iter().map(|(_, named)| named.count).sum();
        let now = Instant::now();
        let lines: Vec<_> = left
            .into_iter()
            .map(|(name, &named)| Line { name, named, now })
            .collect();
        (total > 0).then(|| format!("{total} in flight: {}", Listing(&lines, ["name", "names"])))
    }
}

impl<N: Into<Cow<'static, str>>> Extend<(N, Instant)> for Summary {
    fn extend<I: IntoIterator<Item = (N, Instant)>>(&mut self, all: I) {
        for (name, began) in all {
            let named = self.names.entry(name.into()).or_insert(Named {
                count: 0,
                oldest: began,
            });
            named.count += 1;
            named.oldest = named.oldest.min(began);
        }
    }
}

impl<N: Into<Cow<'static, str>>> FromIterator<(N, Instant)> for Summary {
    fn from_iter<I: IntoIterator<Item = (N, Instant)>>(all: I) -> Self {
        let mut summary = Self::default();
        summary.extend(all);
        summary
    }
}

/// What hangs under one name: `2 × POST /orders (oldest 4.9 s)`.
struct Line<'a> {
    name: &'a str,
    named: Named,
    now: Instant,
}

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, named, now } = self;
        let age = Age(now.saturating_duration_since(named.oldest));
        match named.count {
            1 => write!(f, "{name} ({age})"),
            count => write!(f, "{count} × {name} (oldest {age})"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_word_comes_right_before_the_limit() {
        let limit = Instant::now() + Duration::from_secs(1);
        let in_ms = |now| {
            let now = limit.checked_sub(Duration::from_millis(now));
            let now = now.unwrap_or(limit);
            (next(now, limit) - now).as_millis()
        };
        assert_eq!(
            [1000, 300, 260, 200, 10, 5, 0].map(in_ms),
            [250, 250, 250, 190, 250, 250, 250]
        );
    }
}
