//! Sections that are not cut: while one runs, the body of `main` is not dropped.

use super::body::{BodyStage, is_inside};
use super::handle::Handle;
use super::state::Lifecycle;
use pin_project_lite::pin_project;
use std::borrow::Cow;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

/// Runs `future` as a section that the stop does not cut: a migration, a write in two places, what is taken and has to be
/// registered.
///
/// In a start-up a signal drops `main`'s body where it stands, between two statements of a migration too. While a
/// shielded section runs, it waits for the end of that, and then drops the body there: nothing behind it begins, and no
/// section that has not begun does. What it returned is dropped with the body, an error included: what has to be known of
/// that is logged inside. The log and the report say what was waited for.
///
/// ```no_run
/// # struct Pool;
/// # impl Pool { async fn connect() -> std::io::Result<Self> { Ok(Self) } async fn close(&self) {} }
/// # async fn migrate(_: &Pool) -> std::io::Result<()> { Ok(()) }
/// # struct App; impl graceful::Shutdown for App {
/// #     async fn shutdown(self, _: graceful::Context) -> graceful::Result { Ok(()) } }
/// #[graceful::main]
/// async fn main() -> std::io::Result<App> {
///     let db = graceful::resource("db", Pool::connect().await?, async |db, _cx| db.close().await);
///     // A signal now: the migration ends, the pool is closed, and the process ends.
///     graceful::shield("migrate", migrate(&db)).await?;
/// #   let _ = db;
///     Ok(App)
/// }
/// ```
///
/// It is waited for until the deadline, less what is to be closed has declared. Then it is cut as it would have been without,
/// the report names it, and the stop is unclean. A second signal does not wait for it.
///
/// # Elsewhere
///
/// It guards against one thing, that the stop drops `main`'s body:
///
/// - in a task that the start-up has spawned it does so too: the body, which may wait for the task, is not dropped before its
///   end;
/// - in a `main` that serves by itself the body ends by itself anyway. Where it would be dropped, because it showed no sign
///   of having heard, it is not before the section's end;
/// - once `main` has returned its state there is no body, and a shield changes nothing. Work in flight is a
///   [`Tracker`](crate::Tracker)'s; a close has its own limit, which no shield lengthens;
/// - it does not guard against being dropped by others: by `select!`, `timeout`, or `abort`.
///
/// # Panics
///
/// As [`Handle::current`], which is looked up here, not where the future is polled.
///
/// # Cancel safety
///
/// As that of `future`. Dropped, it is no section any more.
#[track_caller]
pub fn shield<F: Future>(name: impl Into<Cow<'static, str>>, future: F) -> Shield<F> {
    Handle::current().shield(name, future)
}

impl Handle {
    /// Runs `future` as a section that is not cut: see [`shield`](crate::shield).
    pub fn shield<F: Future>(&self, name: impl Into<Cow<'static, str>>, future: F) -> Shield<F> {
        Shield {
            future,
            output: None,
            section: Section::Ahead {
                lifecycle: self.lifecycle().clone(),
                name: name.into(),
            },
        }
    }
}

pin_project! {
    /// The future of a section that is not cut: see [`shield`].
    #[must_use = "it does nothing unless awaited"]
    pub struct Shield<F: Future> {
        #[pin]
        future: F,
        // Of a section behind which nothing is to begin: dropped with the body.
        output: Option<F::Output>,
        section: Section,
    }
}

enum Section {
    Ahead {
        lifecycle: Arc<Lifecycle>,
        name: Cow<'static, str>,
    },
    Runs(Running),
    Over,
}

/// Takes it from the list when it is dropped.
struct Running {
    lifecycle: Arc<Lifecycle>,
    id: u64,
}

impl<F: Future> Future for Shield<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        if let Section::Ahead { lifecycle, name } = this.section {
            let Some(id) = lifecycle.begin_section(std::mem::take(name)) else {
                // The body is about to be dropped.
                return Poll::Pending;
            };
            let lifecycle = lifecycle.clone();
            *this.section = Section::Runs(Running { lifecycle, id });
        }
        let Section::Runs(running) = this.section else {
            return Poll::Pending;
        };
        let output = ready!(this.future.poll(task));
        let lifecycle = running.lifecycle.clone();
        *this.section = Section::Over;
        if lifecycle.body().stage() == BodyStage::ToBeDropped && is_inside() {
            *this.output = Some(output);
            return Poll::Pending;
        }
        Poll::Ready(output)
    }
}

impl<F: Future> fmt::Debug for Shield<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shield").finish_non_exhaustive()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.lifecycle.end_section(self.id);
    }
}

impl Lifecycle {
    /// None where nothing is to begin any more: the stop has begun in the start-up.
    fn begin_section(&self, name: Cow<'static, str>) -> Option<u64> {
        let mut sections = self.sections.lock();
        // The stop is looked at under the lock: whoever ends the body looks at the sections after it has begun.
        if self.start_up_is_over() {
            return None;
        }
        sections.last_id += 1;
        let id = sections.last_id;
        sections.running.push((id, name));
        Some(id)
    }

    fn end_section(&self, id: u64) {
        let mut sections = self.sections.lock();
        sections.running.retain(|(running, _)| *running != id);
        let is_last = sections.running.is_empty();
        let drops_body = is_last && (sections.drops_body || self.start_up_is_over());
        drop(sections);
        if drops_body {
            self.body().request_drop();
        }
    }

    /// Has the body dropped at its next chance, or once the sections have ended that are not to be cut: which those are.
    pub(crate) fn drop_body_behind_sections(&self) -> Vec<String> {
        let mut sections = self.sections.lock();
        sections.drops_body = true;
        let running = sections.names();
        drop(sections);
        if running.is_empty() {
            self.body().request_drop();
        }
        running
    }

    /// The sections that run, of which nothing more is waited for.
    pub(crate) fn sections(&self) -> Vec<String> {
        self.sections.lock().names()
    }

    /// Whether the body is a start-up that the stop has cut short.
    fn start_up_is_over(&self) -> bool {
        self.body().is_start_up() && !self.body().has_ended() && self.stop().is_some()
    }
}
