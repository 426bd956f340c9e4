//! A `Handle`'s methods as free functions, for the current lifecycle.

use super::deferred::Deferred;
use super::handle::{Handle, Requested};
use crate::context::Context;
use crate::exit_payload::unwind_to_exit;
use crate::outcome::IntoOutcome;
use crate::reason::Reason;
use crate::shutdown::Shutdown;
use std::borrow::Cow;

/// Resolves when work is to end: the stop has begun, and the delay has passed.
///
/// It is what servers, tasks and loops wait for: `axum::serve(…).with_graceful_shutdown(graceful::requested())`, or a
/// branch of a `select!`:
///
/// ```no_run
/// # async fn send_heartbeat() {}
/// # async fn run() {
/// let mut ticks = tokio::time::interval(std::time::Duration::from_secs(1));
/// loop {
///     tokio::select! {
///         _ = ticks.tick() => send_heartbeat().await,
///         () = graceful::requested() => break,
///     }
/// }
/// # }
/// ```
///
/// [`is_requested`] looks and does not wait, [`until_requested`] gives a future an end, and [`draining`] resolves before the
/// delay. The future is `'static` and `Send`.
///
/// # Panics
///
/// As [`Handle::current`], which is looked up here, not where it is awaited.
///
/// # Cancel safety
///
/// It can be dropped and asked for again: the stop stays requested.
#[track_caller]
pub fn requested() -> Requested {
    Handle::current().requested()
}

/// Resolves when the stop begins, before the delay: what a service does while it still serves. [`requested`] is for the
/// work itself, and resolves when the delay is over.
///
/// It does so for a signal, a [`request`] and the end of a critical task. What has to be done with a field of the state at
/// that moment, and is to be waited for, says so there: `#[shutdown(at_request = path)]`.
///
/// ```no_run
/// # struct Consumer; impl Consumer { async fn pause(&self) {} }
/// # fn start(consumer: Consumer) {
/// tokio::spawn(async move {
///     graceful::draining().await;
///     // Nothing new from the queue, though requests are still served.
///     consumer.pause().await;
/// });
/// # }
/// ```
///
/// The future is `'static` and `Send`.
///
/// # Panics
///
/// As [`Handle::current`], which is looked up here, not where it is awaited.
///
/// # Cancel safety
///
/// It can be dropped and asked for again.
#[track_caller]
pub fn draining() -> impl Future<Output = ()> + Send + use<> + 'static {
    Handle::current().draining()
}

/// Whether work is to end, for a loop that looks between two pieces of work. [`requested`] waits for it.
///
/// ```no_run
/// # async fn import(row: u32) {}
/// # async fn run() {
/// for row in 0..1_000_000 {
///     if graceful::is_requested() {
///         break;
///     }
///     import(row).await;
/// }
/// # }
/// ```
///
/// # Panics
///
/// As [`Handle::current`].
#[track_caller]
pub fn is_requested() -> bool {
    Handle::current().is_requested()
}

/// Runs `future` until it ends or work is to end, whichever comes first: what an accept loop wants.
///
/// ```no_run
/// # struct TcpListener;
/// # impl TcpListener { async fn accept(&self) -> std::io::Result<((), ())> { Ok(((), ())) } }
/// # async fn serve(socket: ()) {}
/// # async fn run(listener: TcpListener) -> std::io::Result<()> {
/// while let Some(accepted) = graceful::until_requested(listener.accept()).await {
///     let (socket, _) = accepted?;
///     tokio::spawn(serve(socket));
/// }
/// # Ok(()) }
/// ```
///
/// Once work is to end it is `None`, and `future` is not polled any more: a connection or message that is
/// there already stays where it is. What begins behind it is not cut; a future that is, is dropped at its
/// `await`, so it has to be cancel safe.
///
/// # Panics
///
/// As [`Handle::current`], which is looked up here, not where the future is polled.
///
/// # Cancel safety
///
/// As that of `future`.
#[track_caller]
pub fn until_requested<F: Future>(future: F) -> impl Future<Output = Option<F::Output>> + use<F> {
    Handle::current().until_requested(future)
}

/// Begins the stop, as a signal would, unless it has begun: [`Handle::request`] of the current lifecycle.
///
/// It returns at once, and the exit code is that of the stop: 0 where everything closes. [`exit`] gives another one.
///
/// ```no_run
/// # async fn renew_licence() -> Result<(), std::io::Error> { Ok(()) }
/// # async fn watch() {
/// if renew_licence().await.is_err() {
///     graceful::request("the licence has expired");
/// }
/// # }
/// ```
///
/// # Panics
///
/// As [`Handle::current`].
#[track_caller]
pub fn request(reason: impl Into<Reason>) {
    Handle::current().request(reason);
}

/// Ends the process with `code`, after everything has been closed. It takes the place of
/// [`std::process::exit`], which skips every close.
///
/// ```no_run
/// # async fn health() -> bool { true }
/// # #[derive(graceful::Shutdown)] #[shutdown(nothing)] struct App {}
/// #[graceful::main]
/// async fn main() -> App {
///     if std::env::args().nth(1).as_deref() == Some("healthcheck") {
///         let is_well = health().await;
///         graceful::exit(u8::from(!is_well)).await; // 1: unhealthy
///     }
///     App {}
/// }
/// ```
///
/// The code stands unless it is 0 and a close goes wrong. Where a stop has begun already, it is the
/// code all the same; of several the first that is not 0. In code that is not async, call
/// [`request`] with [`Reason::Exit`] and return.
///
/// It ends whoever calls it, at once: the body of `main`, a task or a close, which then counts as
/// closed. It unwinds as a panic does, destructors included, but is none: nothing is printed, and no
/// hook is called. A `catch_unwind` around it catches a payload without a message, to be passed
/// on to [`resume_unwind`](std::panic::resume_unwind); whoever awaits the task's `JoinHandle` gets an
/// error whose `is_panic` is true. Built with `panic = "abort"`, or with
/// `unhandled_panic = "shutdown_runtime"`, it never resolves instead, and a close which waits for its
/// caller has the time that it was given.
///
/// # Panics
///
/// As [`Handle::current`].
///
/// # Cancel safety
///
/// The stop begins when it is first polled, and can't be taken back.
pub async fn exit(code: u8) -> ! {
    let lifecycle = Handle::current().lifecycle().clone();
    lifecycle.request(Reason::Exit(code));
    if lifecycle.may_unwind() {
        unwind_to_exit();
    }
    lifecycle.body().give_up();
    std::future::pending().await
}

/// Registers a close with the current lifecycle: [`Handle::defer`].
///
/// ```no_run
/// # struct Pool; impl Pool { async fn close(&self) {} }
/// # async fn connect() -> Result<Pool, std::io::Error> { Ok(Pool) }
/// # async fn start() -> Result<(), std::io::Error> {
/// let pool = connect().await?;
/// graceful::defer("pool", |_cx| async move { pool.close().await });
/// # Ok(()) }
/// ```
///
/// # Panics
///
/// As [`Handle::current`].
#[track_caller]
pub fn defer<F, R>(name: impl Into<Cow<'static, str>>, close: F) -> Deferred
where
    F: FnOnce(Context) -> R + Send + 'static,
    R: Future<Output: IntoOutcome> + Send + 'static,
{
    Handle::current().defer(name, close)
}

/// Hands a state over to the current lifecycle: [`Handle::manage`]. For a `main` that serves in its own body, and does not
/// return its state:
///
/// ```no_run
/// # #[derive(Clone)] struct Pool; impl Pool { async fn close(&self) {} }
/// # async fn connect() -> std::io::Result<Pool> { Ok(Pool) }
/// # async fn serve(_: Pool) -> std::io::Result<()> { graceful::requested().await; Ok(()) }
/// #[derive(graceful::Shutdown)]
/// struct App {
///     #[shutdown(timeout = "2s", method = close)]
///     db: Pool,
/// }
///
/// #[graceful::main]
/// async fn main() -> std::io::Result<()> {
///     let db = connect().await?;
///     graceful::manage(App { db: db.clone() });
///     serve(db).await // ends with `graceful::requested()`; then the pool is closed
/// }
/// ```
///
/// # Panics
///
/// As [`Handle::current`], and as [`Handle::manage`].
#[track_caller]
pub fn manage<S: Shutdown>(state: S) -> Deferred {
    Handle::current().manage(state)
}
