//! The trait that everything closable implements.

use crate::context::Context;
use crate::outcome::Result;
use crate::plan::Plan;

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
/// Each close runs on a thread of `graceful`'s own, with the runtime entered: it may `.await`,
/// spawn and block. A panic is caught and reported. At its limit the future is dropped; a thread
/// that is blocked can't be stopped, only left behind.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be closed: it does not implement `graceful::Shutdown`",
    label = "no `graceful::Shutdown` for this type",
    note = "derive it with `#[derive(graceful::Shutdown)]` if the type is yours, or implement it",
    note = "for a type of another crate name its closing method: `#[shutdown(method = close)]`, `#[shutdown(with = path)]`, or `#[shutdown(drop)]` if dropping it closes it",
    note = "if there is nothing to close, leave the mark away or write `#[shutdown(skip)]`"
)]
pub trait Shutdown: Sized + Send + 'static {
    /// What closing will do. The default is one step without a limit of its own.
    const PLAN: Plan = Plan::LEAF;

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
}
