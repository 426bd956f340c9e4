//! The last words: what carries the log, closed when everything else has been said, on every path that leads to the end.

mod closing;

use crate::context::{Close, Context};
use crate::lifecycle::{Deferred, Entry, Handle};
use crate::outcome::IntoOutcome;
use crate::plan::TimeDemand;
use crate::shutdown::Parts;
use crate::stop::register_last_words;
use closing::Closing;
use std::borrow::Cow;

impl Parts {
    /// The step that was added last is a last word.
    pub fn last_word(&mut self) {
        register_last_words(&Closing);
        self.close_last();
    }
}

impl Handle {
    /// Registers a last word: closed when everything else has been closed *and said*, on every path on which the
    /// process ends by itself or by `graceful`; see [`last_word`](crate::last_word).
    pub fn last_word<F, R>(&self, name: impl Into<Cow<'static, str>>, close: F) -> Deferred
    where
        F: FnOnce(Context) -> R + Send + 'static,
        R: Future<Output: IntoOutcome> + Send + 'static,
    {
        let close = Close::new(|cx| async { close(cx).await.into_outcome() });
        register_last_words(&Closing);
        self.register_last_word(Entry {
            name: name.into(),
            demand: TimeDemand::OPEN,
            fields: &[],
            is_state: false,
            close,
        })
    }
}

/// Registers a last word: what carries the log, the spans or the terminal, and is closed when everything else has been
/// closed *and said*, the report's timeline and the exit code included.
///
/// It is for what `main` opens before its state exists. A field of the state is marked `#[shutdown(last)]` instead.
///
/// ```no_run
/// # mod tracing_appender { pub mod non_blocking {
/// #     pub struct WorkerGuard; impl Drop for WorkerGuard { fn drop(&mut self) {} } } }
/// # fn log_to_file() -> tracing_appender::non_blocking::WorkerGuard { tracing_appender::non_blocking::WorkerGuard }
/// #[graceful::main]
/// async fn main() -> Result<(), std::io::Error> {
///     let logs = log_to_file();
///     graceful::last_word("logs", async move |_cx| drop(logs));
///     // … a start-up that fails, a panic, a close that hangs: the file has it, and the exit code
///     Ok(())
/// }
/// ```
///
/// # When it runs
///
/// After the last close, a failed start and a panic of `main` included; after the total deadline; and after a second
/// signal, before the process is ended by force. Not where the process is ended past `graceful`: a third signal,
/// SIGKILL, `std::process::exit`, an abort.
///
/// Last words are closed one after the other: those of the state in the order of its fields, then those registered
/// here, the last one first. All together have [a second](crate::Builder::last_words), which is set aside from the
/// timeout. One that takes more than its share is left behind. The user's runtime still runs, unless it is blocked.
///
/// The exit code has been said by then, so none of them changes it. One that fails is told of on standard error.
///
/// # Panics
///
/// As [`Handle::current`].
#[track_caller]
pub fn last_word<F, R>(name: impl Into<Cow<'static, str>>, close: F) -> Deferred
where
    F: FnOnce(Context) -> R + Send + 'static,
    R: Future<Output: IntoOutcome> + Send + 'static,
{
    Handle::current().last_word(name, close)
}
