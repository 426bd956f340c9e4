//! The traits that everything closable implements, and the steps of what is made of several.

mod close;
mod critical;
mod parts;
mod shared;
mod watch;

pub use crate::context::Close;
use crate::context::Context;
use crate::outcome::Result;
use crate::plan::Plan;
pub use close::Closing;
pub use critical::CriticalTask;
pub use parts::Parts;
pub(crate) use shared::close_of_clone;
use std::sync::Arc;
pub use watch::Watch;

/// Something that has to be closed before the process ends.
///
/// Derive it for a struct or an enum: each marked field is closed in its order, within its limit
/// (see the derive macro's page for the attributes). Write it by hand for a type that closes in
/// one go:
///
/// ```
/// use graceful::{Context, Result, Shutdown};
///
/// struct Journal(std::fs::File);
///
/// impl Shutdown for Journal {
///     async fn shutdown(self, _cx: Context) -> Result {
///         // It runs on a thread of its own, so it may block.
///         self.0.sync_all()?;
///         Ok(())
///     }
/// }
/// ```
///
/// It takes `self` by value: closing consumes, so nothing can use what is closed. A handle that is
/// one clone of many (a pool, a client) is closed through the clone.
///
/// # How it is run
///
/// A close runs on a thread of `graceful`'s own, with the runtime entered: it may `.await`, spawn and block. Those that
/// wait share a thread; one that blocks has it for itself, up to 512 of them (`Builder::max_closing_threads`). On the
/// `local` flavor closes run on the runtime's own thread, so that they may spawn locally, unless that is blocked. There a close
/// can't call `Handle::block_on`, a plain one neither, and has the stack of that thread; one that blocks holds up the runtime.
///
/// Its future is polled as that of a task is, with tokio's cooperative budget: a loop over what is always ready yields, and
/// can be dropped; and `Handle::block_on` panics in it. What runs before the first poll (a plain method or function of a
/// field, the part of `shutdown` before its future) may call that too.
///
/// A panic is caught and reported. At its limit the future is dropped, and the next step waits up to 50 ms for that and for
/// what was cut with it; a thread that is blocked can't be stopped, only left behind.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be closed: it does not implement `graceful::Shutdown`",
    label = "no `graceful::Shutdown` for this type",
    note = "derive it with `#[derive(graceful::Shutdown)]` if the type is yours, or implement it",
    note = "for a type of another crate name its closing method: `#[shutdown(method = close)]`, `#[shutdown(with = path)]`, or `#[shutdown(drop)]` if dropping it closes it",
    note = "for those of tokio-util enable the feature `tokio-util` of `graceful-app`, for a `Child` of tokio the feature `process`",
    note = "if there is nothing to close, leave the mark away or write `#[shutdown(skip)]`"
)]
pub trait Shutdown: Sized + Send + 'static {
    /// What closing will do. The default is one step without a limit of its own.
    const PLAN: Plan = Plan::LEAF;

    /// The same where another plan nests it. By reference, so that asking where it is does not ask what is in
    /// it: else rustc would have to go as deep as plans are nested, and it does not.
    #[doc(hidden)]
    const __GRACEFUL_NESTED: &'static Plan = &Self::PLAN;

    /// Closes it.
    ///
    /// # Errors
    ///
    /// What went wrong; the steps behind it are carried out all the same.
    ///
    /// # Cancel safety
    ///
    /// At the step's limit the future is dropped, wherever it is.
    fn shutdown(self, cx: Context) -> impl Future<Output = Result> + Send;

    /// How it will be closed: asked for when its state is handed over, with who is told of the end of its
    /// critical tasks until then. What is made of several is taken apart by it.
    #[doc(hidden)]
    fn __graceful_close(self, _watch: Option<&Watch>) -> Close {
        Close::new(|cx| self.shutdown(cx))
    }
}

/// Something that is closed while others may still hold it: what an [`Arc`] of it needs to be
/// [`Shutdown`].
///
/// `#[derive(Shutdown)]` implements it for a type that is `Clone`: a clone is closed, as closing a
/// handle closes what it stands for. With `#[shutdown(shared)]` it does so for a type that is not:
/// each field is closed through a clone of its own, through `&self`, or by what is taken out of its
/// `Mutex<Option<_>>`. Nothing ever waits for the others to let go.
///
/// Write it by hand beside your own [`Shutdown`]:
///
/// ```
/// use graceful::{Context, Result, SharedShutdown, Shutdown};
/// use std::sync::Arc;
///
/// #[derive(Clone)]
/// struct Client;
///
/// impl Shutdown for Client {
///     async fn shutdown(self, _cx: Context) -> Result {
///         Ok(())
///     }
/// }
///
/// impl SharedShutdown for Client {
///     fn shutdown_shared(self: Arc<Self>, cx: Context) -> impl Future<Output = Result> + Send {
///         Arc::unwrap_or_clone(self).shutdown(cx)
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be closed while others hold it: it does not implement `graceful::SharedShutdown`",
    label = "in an `Arc` that others may hold too",
    note = "if it is your own type, derive `Shutdown` and `Clone`, or derive it with `#[shutdown(shared)]`",
    note = "for a type of another crate name its closing method, which is found through the `Arc`: `#[shutdown(method = close)]`",
    note = "in an `Arc<Mutex<Option<T>>>` the value is taken out to be closed"
)]
pub trait SharedShutdown: Shutdown {
    /// Evaluated with the plan of an `Arc` of it; where the derive finds that it can't be closed
    /// through one, this does not compile.
    #[doc(hidden)]
    const PROOF: () = ();

    /// Closes it, whoever else holds it.
    ///
    /// # Errors
    ///
    /// As [`Shutdown::shutdown`].
    ///
    /// # Cancel safety
    ///
    /// As [`Shutdown::shutdown`].
    fn shutdown_shared(self: Arc<Self>, cx: Context) -> impl Future<Output = Result> + Send;

    /// How it will be closed, where that is known when its state is handed over, and who is told of the end of its
    /// critical tasks until then. None where all of it is left to [`shutdown_shared`](SharedShutdown::shutdown_shared).
    #[doc(hidden)]
    fn __graceful_close_shared(self: &Arc<Self>, _watch: Option<&Watch>) -> Option<Close> {
        None
    }
}

/// The plan of what can't be closed: the macros find it where a type has none of its own.
#[doc(hidden)]
pub trait NoPlan {
    /// Nothing.
    const PLAN: &'static Plan = &Plan::LEAF;
}
