//! Something with its close, registered once: before the state is there, and as a field of it.

use super::deferred::Deferred;
use super::handle::Handle;
use crate::context::{Close, CloseFuture, Context};
use crate::lock::Lock;
use crate::outcome::{IntoOutcome, Result};
use crate::shutdown::{Shutdown, Watch};
use std::borrow::Cow;
use std::fmt;
use std::ops::{Deref, DerefMut};
use tokio::sync::oneshot;

/// What the deferred close waits for, where it does.
const STILL_HELD: &str = "its `Resource` is still held: by a task, or in an `Arc`; \
    it is closed once that is dropped, or as a field of a state";

/// Something that was opened, with how it is closed: from [`resource`].
///
/// It can be used as what it holds. As a field of a state (`#[shutdown] db: Resource<SqlitePool>`) it is closed in
/// that field's turn. Where it never gets there, it is closed all the same, at the stop: a start-up that fails, panics
/// or is interrupted drops it.
pub struct Resource<T: Send + 'static> {
    /// Taken when it is closed, given away or dropped.
    open: Option<Open<T>>,
    /// Where the deferred close waits for it.
    dropped: Option<oneshot::Sender<Open<T>>>,
    deferred: Option<Deferred>,
}

struct Open<T> {
    value: T,
    // A mutex that nobody locks: a close need not be `Sync`, and what others look at while it is open has to be.
    close: Lock<CloseOf<T>>,
}

type CloseOf<T> = Box<dyn FnOnce(T, Context) -> CloseFuture + Send>;

impl<T> Open<T> {
    fn close(self, cx: Context) -> CloseFuture {
        let close = self.close.into_inner();
        close(self.value, cx)
    }
}

/// Says how `value` is closed, as soon as it is open: if the start-up fails, last opened first; if it succeeds, as
/// the field of the state that it was moved to.
///
/// ```no_run
/// # struct Pool;
/// # impl Pool {
/// #     async fn connect() -> Result<Self, std::io::Error> { Ok(Self) }
/// #     async fn migrate(&self) -> Result<(), std::io::Error> { Ok(()) }
/// #     async fn close(&self) {}
/// # }
/// use graceful::Resource;
///
/// #[derive(graceful::Shutdown)]
/// struct App {
///     #[shutdown(timeout = "2s")]
///     db: Resource<Pool>,
/// }
///
/// #[graceful::main]
/// async fn main() -> Result<App, std::io::Error> {
///     let db = graceful::resource("db", Pool::connect().await?, async |db, _cx| db.close().await);
///     db.migrate().await?; // if this fails, the pool is closed
///     Ok(App { db })
/// }
/// ```
///
/// An `async` closure may borrow from the value, as this one does; what `|db, _cx| db.close()` returns may not.
///
/// # Panics
///
/// As [`Handle::current`].
#[track_caller]
pub fn resource<T, F, R>(name: impl Into<Cow<'static, str>>, value: T, close: F) -> Resource<T>
where
    T: Send + 'static,
    F: FnOnce(T, Context) -> R + Send + 'static,
    R: Future<Output: IntoOutcome> + Send + 'static,
{
    Handle::current().resource(name, value, close)
}

impl Handle {
    /// Says how `value` is closed, as soon as it is open: see [`resource`](crate::resource).
    pub fn resource<T, F, R>(
        &self,
        name: impl Into<Cow<'static, str>>,
        value: T,
        close: F,
    ) -> Resource<T>
    where
        T: Send + 'static,
        F: FnOnce(T, Context) -> R + Send + 'static,
        R: Future<Output: IntoOutcome> + Send + 'static,
    {
        let (dropped, left) = oneshot::channel::<Open<T>>();
        let deferred = self.defer(name, |cx| async move {
            cx.progress(STILL_HELD);
            let left = left.await;
            // What it waited for is no last word of its close.
            cx.progress("closing");
            let Ok(open) = left else {
                cx.nothing_to_close();
                return Ok(());
            };
            open.close(cx).await
        });
        Resource {
            open: Some(Open {
                value,
                close: Lock::new(Box::new(|value, cx| {
                    Box::pin(async move { close(value, cx).await.into_outcome() })
                })),
            }),
            dropped: Some(dropped),
            deferred: Some(deferred),
        }
    }
}

impl<T: Send + 'static> Resource<T> {
    /// Takes it out. Its close is yours from here on: a field with `method = close`, say.
    #[must_use = "it is closed by nobody else any more"]
    pub fn into_inner(mut self) -> T {
        self.take().value
    }

    /// Leaves nothing to be closed by the start-up's end.
    fn take(&mut self) -> Open<T> {
        self.take_back();
        // A deferred close that has begun already is told that there is nothing to close.
        self.dropped = None;
        self.open.take().expect("it is taken once")
    }

    fn take_back(&mut self) {
        if let Some(deferred) = self.deferred.take() {
            deferred.cancel();
        }
    }
}

impl<T: Send + 'static> Deref for Resource<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self
            .open
            .as_ref()
            .expect("it is there until it is taken")
            .value
    }
}

impl<T: Send + 'static> DerefMut for Resource<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self
            .open
            .as_mut()
            .expect("it is there until it is taken")
            .value
    }
}

impl<T: Send + 'static> Shutdown for Resource<T> {
    async fn shutdown(mut self, cx: Context) -> Result {
        self.take().close(cx).await
    }

    /// Handed over with its state, it is the state's to close.
    fn __graceful_close(mut self, _watch: Option<&Watch>) -> Close {
        self.take_back();
        Close::new(|cx| self.shutdown(cx))
    }
}

impl<T: Send + 'static> Drop for Resource<T> {
    fn drop(&mut self) {
        if let (Some(open), Some(dropped)) = (self.open.take(), self.dropped.take()) {
            // Refused where nothing is closed any more.
            drop(dropped.send(open));
        }
    }
}

impl<T: fmt::Debug + Send + 'static> fmt::Debug for Resource<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = self.open.as_ref().map(|open| &open.value);
        f.debug_tuple("Resource").field(&value).finish()
    }
}
