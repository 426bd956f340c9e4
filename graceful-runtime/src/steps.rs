//! What a hand-written composite uses.

use crate::context::{Close, Context};
use crate::outcome::Result;
use crate::plan::{Plan, Step};
use crate::shutdown::{Closing, Parts, Shutdown};
use std::fmt;

/// The steps of one value, with what each closes: filled in the plan's order, then [run](Steps::run).
///
/// What `#[derive(Shutdown)]` does for a type of yours, by hand:
///
/// ```
/// use graceful::{Context, Plan, Result, Shutdown, Step, Steps};
/// use std::time::Duration;
/// # struct Db; impl Db { async fn close(&self) {} }
///
/// struct App {
///     worker: tokio::task::JoinHandle<()>,
///     db: Db,
/// }
///
/// impl Shutdown for App {
///     const PLAN: Plan = Plan::new("App", &[
///         Step::new("worker").order(0).timeout(Duration::from_secs(5)),
///         Step::new("db").order(1).timeout(Duration::from_secs(2)),
///     ]);
///
///     fn shutdown(self, cx: Context) -> impl Future<Output = Result> + Send {
///         let mut steps = Steps::new(cx, Self::PLAN);
///         steps.close(self.worker);
///         steps.call(self.db, |db, _cx| async move {
///             db.close().await;
///             Ok(())
///         });
///         steps.run()
///     }
/// }
/// ```
#[must_use = "nothing is closed until the steps are run"]
pub struct Steps {
    cx: Context,
    parts: Parts,
}

impl Steps {
    /// No steps yet. The first one that is added is the first one of `plan`.
    pub fn new(cx: Context, plan: Plan) -> Self {
        Self {
            cx,
            parts: Parts::new(plan, None),
        }
    }

    /// The next step closes `value`.
    ///
    /// # Panics
    ///
    /// If the plan has no more steps; so do [`call`](Steps::call) and [`drop`](Steps::drop).
    #[track_caller]
    pub fn close<S: Shutdown>(&mut self, value: S) {
        self.parts.close(value);
        self.set_apart();
    }

    /// The next step calls `close` with `value`: once, on the thread that the step runs on.
    #[track_caller]
    pub fn call<T, F, R>(&mut self, value: T, close: F)
    where
        T: Send + 'static,
        F: FnOnce(T, Context) -> R + Send + 'static,
        R: Future<Output = Result> + Send + 'static,
    {
        self.parts.push(Close::new(move |cx| close(value, cx)));
        self.set_apart();
    }

    /// The next step drops `value`: where that blocks, it blocks no one else.
    #[track_caller]
    pub fn drop<T: Send + 'static>(&mut self, value: T) {
        self.parts.drop(value);
        self.set_apart();
    }

    /// The plan may say of the step that was added last that it is a last word.
    fn set_apart(&mut self) {
        if self.parts.added().is_some_and(Step::is_last) {
            self.parts.last_word();
        }
    }

    /// Keeps what has nothing to close until the last step has ended, and drops it then.
    pub fn keep<T: Send + 'static>(&mut self, value: T) {
        self.parts.keep(value);
    }

    /// Carries the steps out, each as soon as all that it waits for has ended.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future takes the running steps away, and what had not begun is dropped.
    pub fn run(self) -> Closing {
        self.parts.whole().run(self.cx)
    }
}

impl fmt::Debug for Steps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.parts.fmt(f)
    }
}
