//! The running lifecycle, from anywhere.

use super::current::{self, NoLifecycle};
use super::deferred::Deferred;
use super::stack::Entry;
use super::state::Lifecycle;
use crate::context::{Close, Context};
use crate::futures::select;
use crate::log::{self, Fields};
use crate::outcome::IntoOutcome;
use crate::phase::Phase;
use crate::plan::TimeDemand;
use crate::reason::Reason;
use crate::shutdown::{Shutdown, Watch};
use std::borrow::Cow;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;
use tokio::time::Instant;

/// The running lifecycle: cheap to clone, usable from any thread.
///
/// Which one is current:
///
/// - on the threads of a runtime that `#[graceful::main]`, `#[graceful::test]` or a
///   [`Builder`](crate::Builder) started, and on the threads that run closes, the one that owns them;
/// - in a [scope](Handle::scope) the one that the scope is of;
/// - on any other thread the program's, if it has exactly one. The lifecycle of a test or of an
///   [`Embedded`](crate::Embedded) is never found there: a `#[tokio::test]` beside a `#[graceful::test]`
///   does not find that of its neighbour.
///
/// In a child that `fork` made of the process none of its threads are left: whoever registers, asks or requests
/// something there panics with what to do instead.
#[derive(Clone)]
pub struct Handle(Arc<Lifecycle>);

impl Handle {
    /// The lifecycle that the calling code belongs to.
    ///
    /// # Panics
    ///
    /// If none is current. So a library should not call it: under its users' `#[tokio::test]` there is none.
    /// It can take a [`Handle`] or a future from its caller, or ask [`try_current`](Handle::try_current).
    #[must_use]
    #[track_caller]
    pub fn current() -> Self {
        match Self::try_current() {
            Ok(handle) => handle,
            Err(error) => panic!("{error}"),
        }
    }

    /// The lifecycle that the calling code belongs to, if there is one.
    ///
    /// # Errors
    ///
    /// [`NoLifecycle`] says whether there is none or too many.
    pub fn try_current() -> Result<Self, NoLifecycle> {
        current::current().map(Self)
    }

    pub(crate) fn new(lifecycle: Arc<Lifecycle>) -> Self {
        Self(lifecycle)
    }

    pub(crate) fn lifecycle(&self) -> &Arc<Lifecycle> {
        &self.0
    }

    /// Resolves when work is to end, the stop having begun and the delay having passed: see
    /// [`requested`](crate::requested).
    ///
    /// # Cancel safety
    ///
    /// It can be dropped and asked for again: the stop stays requested.
    pub fn requested(&self) -> Requested {
        let lifecycle = self.0.clone();
        Requested(Box::pin(async move { lifecycle.requested().await }))
    }

    /// Resolves when the stop begins, before the delay: see [`draining`](crate::draining).
    ///
    /// # Cancel safety
    ///
    /// It can be dropped and asked for again.
    pub fn draining(&self) -> impl Future<Output = ()> + Send + use<> + 'static {
        let lifecycle = self.0.clone();
        async move {
            // A host that begins it later is asked to.
            select(lifecycle.reaches(Phase::Draining), lifecycle.requested()).await;
        }
    }

    /// Whether work is to end. To ask changes nothing else.
    pub fn is_requested(&self) -> bool {
        self.0.is_requested()
    }

    /// Runs `future` until it ends or work is to end, whichever comes first: see
    /// [`until_requested`](crate::until_requested).
    ///
    /// # Cancel safety
    ///
    /// As that of `future`.
    pub fn until_requested<F: Future>(
        &self,
        future: F,
    ) -> impl Future<Output = Option<F::Output>> + use<F> {
        let requested = self.requested();
        async {
            let requested = async {
                requested.await;
                None
            };
            select(requested, async { Some(future.await) }).await
        }
    }

    /// Begins the stop, unless it has begun; the first reason stands.
    ///
    /// When this returns, the [`reason`](Handle::reason) is there, and the service is not ready any more. Where
    /// there is no delay (or none applies), [`is_requested`](Handle::is_requested) is true and tokens are
    /// cancelled.
    ///
    /// Behind the end of a critical task, or of `main`, all that is there up to 30 ms later: it is not known before whether a signal
    /// had ended that.
    ///
    /// In an [`Embedded`](crate::Embedded) the same holds for the service's own code. Its closes begin when the
    /// host calls [`stop`](crate::Embedded::stop).
    ///
    /// ```no_run
    /// graceful::Handle::current().request("the licence has expired");
    /// ```
    pub fn request(&self, reason: impl Into<Reason>) {
        self.0.request(reason.into());
    }

    /// A token that is cancelled when work is to end. Cancelling it yourself stops only what
    /// listens to it, and its clones.
    #[cfg(feature = "tokio-util")]
    #[cfg_attr(docsrs, doc(cfg(feature = "tokio-util")))]
    #[must_use]
    pub fn token(&self) -> tokio_util::sync::CancellationToken {
        self.0.token()
    }

    /// Where the process stands between its start and its end.
    #[must_use]
    pub fn phase(&self) -> Phase {
        self.0.phase()
    }

    /// Resolves once the process stands in this phase, or in a later one.
    ///
    /// It is for what runs beside the work, as a readiness that goes off with [`Phase::Draining`].
    ///
    /// ```
    /// use graceful::{Handle, Phase};
    ///
    /// async fn deregister(handle: Handle) {
    ///     handle.reached(Phase::Draining).await;
    ///     // … from the service registry, while the delay passes
    /// }
    /// ```
    ///
    /// # Cancel safety
    ///
    /// It can be dropped and asked for again.
    pub fn reached(&self, phase: Phase) -> impl Future<Output = ()> + Send + use<> + 'static {
        let lifecycle = self.0.clone();
        async move { lifecycle.reaches(phase).await }
    }

    /// Why the stop began, once it has.
    #[must_use]
    pub fn reason(&self) -> Option<&Reason> {
        self.0.reason().map(|reason| &**reason)
    }

    /// What is left of the whole budget; zero once it has passed, and `None` before the stop has begun.
    ///
    /// A close asks [`Context::remaining`], which is what is left of its own limit.
    #[must_use]
    pub fn remaining(&self) -> Option<Duration> {
        let stop = self.0.stop()?;
        Some(stop.deadline.saturating_duration_since(Instant::now()))
    }

    /// How long the whole stop may take, as the attribute or the environment says. `None` in an
    /// [`Embedded`](crate::Embedded), whose host says so when it stops it.
    #[must_use]
    pub fn timeout(&self) -> Option<Duration> {
        self.0.terms().timeout
    }

    /// How long the service goes on serving when a stop begins, as the attribute or the environment says: see
    /// [`Builder::delay`](crate::Builder::delay). Zero where none was asked for.
    #[must_use]
    pub fn delay(&self) -> Duration {
        self.0.terms().delay
    }

    /// Registers a close, to be run when the process stops: the last registered one first, the
    /// state that `main` returns before those that its start-up deferred.
    ///
    /// It is also the roll-back of a start that fails or is interrupted. What is registered while
    /// the closes run, is run too; after the last one it is dropped, with a warning.
    ///
    /// Its limit is set by [`Deferred::timeout`]. What has a close of its own, and becomes a field of the state, is a
    /// [`resource`](crate::resource).
    pub fn defer<F, R>(&self, name: impl Into<Cow<'static, str>>, close: F) -> Deferred
    where
        F: FnOnce(Context) -> R + Send + 'static,
        R: Future<Output: IntoOutcome> + Send + 'static,
    {
        let close = Close::new(|cx| async { close(cx).await.into_outcome() });
        self.push(Entry {
            name: name.into(),
            demand: TimeDemand::OPEN,
            fields: &[],
            is_state: false,
            close,
        })
    }

    /// Hands a state over, to be closed after `main`'s body has ended, whichever way it ended.
    ///
    /// For a `main` that serves in its own body: it counts as [running](Phase::Running) from here on.
    /// One that returns its state needs no call.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime, if a field of the state says `#[shutdown(critical)]`.
    pub fn manage<S: Shutdown>(&self, state: S) -> Deferred {
        let name = match S::PLAN.name() {
            "" => type_without_path(std::any::type_name::<S>()),
            name => name,
        };
        let managed = self.push(Entry {
            name: name.into(),
            demand: self.0.demand_of(&S::PLAN),
            fields: S::PLAN.steps(),
            is_state: true,
            close: state.__graceful_close(Some(&self.watch())),
        });
        if !self.0.body().is_start_up() {
            self.run_on();
        }
        managed
    }

    /// Holds the lifecycle weakly: what is handed over is held by it.
    fn watch(&self) -> Watch {
        let lifecycle = Arc::downgrade(&self.0);
        Watch::new(move |reason| {
            if let Some(lifecycle) = lifecycle.upgrade() {
                lifecycle.request(reason);
            }
        })
    }

    /// The state is there: the service is ready.
    pub(crate) fn run_on(&self) {
        self.0.enter_phase(Phase::Running);
    }

    fn push(&self, entry: Entry) -> Deferred {
        self.registered(self.0.register(entry))
    }

    pub(crate) fn register_last_word(&self, entry: Entry) -> Deferred {
        self.registered(self.0.register_last_word(entry))
    }

    fn registered(&self, pushed: Result<u64, Box<Entry>>) -> Deferred {
        if let Err(late) = &pushed {
            let fields = Fields {
                step: Some(&late.name),
                ..Fields::default()
            };
            log::warn(
                &fields,
                "registered after the last close: it is dropped without being closed",
            );
        }
        Deferred {
            lifecycle: Arc::downgrade(&self.0),
            id: pushed.ok(),
        }
    }
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handle")
            .field("phase", &self.phase())
            .finish_non_exhaustive()
    }
}

/// `JoinHandle` of `tokio::task::JoinHandle<()>`
fn type_without_path(name: &'static str) -> &'static str {
    let name = name.split('<').next().unwrap_or(name);
    name.rsplit(':').next().unwrap_or(name)
}

/// Resolves when work is to end: see [`requested`](crate::requested).
#[must_use = "it does nothing unless awaited"]
pub struct Requested(Pin<Box<dyn Future<Output = ()> + Send + Sync>>);

impl Future for Requested {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, task: &mut std::task::Context<'_>) -> Poll<()> {
        self.0.as_mut().poll(task)
    }
}

impl fmt::Debug for Requested {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Requested").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::type_without_path;

    #[test]
    fn a_type_is_called_by_its_last_name() {
        for (full, name) in [
            ("u8", "u8"),
            ("program::App", "App"),
            ("tokio::task::JoinHandle<()>", "JoinHandle"),
            ("alloc::vec::Vec<program::state::Db<a::B>>", "Vec"),
        ] {
            assert_eq!(type_without_path(full), name);
        }
    }
}
