//! What `#[derive(Shutdown)]` expands to, and what a hand-written composite uses too.

use crate::board::{Begun, Board, Job, Pending, Ticket};
use crate::context::Context;
use crate::outcome::Result;
use crate::plan::{Plan, Step};
use crate::reason::Reason;
use crate::shutdown::Shutdown;
use std::any::{Any, TypeId};
use std::borrow::Cow;
use std::fmt;
use std::future::ready;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Poll, ready};

/// The steps of one value, with what each closes: filled in the plan's order, then [run](Steps::run).
///
/// `#[derive(Shutdown)]` expands to this. By hand:
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
    plan: &'static [Step],
    pending: Vec<Pending>,
    kept: Vec<Box<dyn Any + Send>>,
}

impl Steps {
    /// No steps yet. The first one that is added is the first one of `plan`.
    pub fn new(cx: Context, plan: Plan) -> Self {
        let plan = plan.steps();
        Self {
            cx,
            plan,
            pending: Vec::with_capacity(plan.len()),
            kept: Vec::new(),
        }
    }

    /// The next step closes `value`.
    ///
    /// # Panics
    ///
    /// If the plan has no more steps; so do [`call`](Steps::call) and [`drop`](Steps::drop).
    #[track_caller]
    pub fn close<S: Shutdown>(&mut self, value: S) {
        self.push(Box::new(|cx| begun(value.shutdown(cx))));
    }

    /// The next step calls `close` with `value`: once, on the thread that the step runs on.
    #[track_caller]
    pub fn call<T, F, R>(&mut self, value: T, close: F)
    where
        T: Send + 'static,
        F: FnOnce(T, Context) -> R + Send + 'static,
        R: Future<Output = Result> + Send + 'static,
    {
        self.push(Box::new(move |cx| begun(close(value, cx))));
    }

    /// The next step drops `value`: where that blocks, it blocks no one else.
    #[track_caller]
    pub fn drop<T: Send + 'static>(&mut self, value: T) {
        self.push(Box::new(move |_| {
            drop(value);
            begun(ready(Ok(())))
        }));
    }

    /// Keeps what has nothing to close until the last step has ended, and drops it then.
    pub fn keep<T: Send + 'static>(&mut self, value: T) {
        self.kept.push(Box::new(value));
    }

    /// Carries the steps out, each as soon as all that it waits for has ended.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future takes the running steps away, and what had not begun is dropped.
    pub fn run(self) -> Closing {
        Closing(Inner::New(self))
    }

    /// Steps that the plan does not know by name, all at the same time: the items of a collection.
    pub(crate) fn each<S: Shutdown>(
        cx: Context,
        items: impl Iterator<Item = (Cow<'static, str>, S)>,
    ) -> Closing {
        let mut steps = Self::new(cx, Plan::LEAF);
        for (name, item) in items {
            let step = Step::new("").plan(S::PLAN);
            let close = Box::new(|cx| begun(item.shutdown(cx)));
            steps.push_named(name, &step, Vec::new(), close);
        }
        if steps.pending.is_empty() {
            steps.cx.nothing_to_close();
        }
        steps.run()
    }

    /// Steps that were about to go to the board, which keep what was to happen behind the last one.
    #[cfg(feature = "test-util")]
    pub(super) fn withheld(cx: Context, pending: Vec<Pending>, epilogue: Job) -> Self {
        Self {
            cx,
            plan: &[],
            pending,
            kept: vec![Box::new(epilogue)],
        }
    }

    #[track_caller]
    fn push(&mut self, close: Close) {
        let place = self.pending.len();
        let Some(step) = self.plan.get(place) else {
            panic!(
                "the plan has {} steps, and this is one more",
                self.plan.len()
            );
        };
        let after = step.waits_for(self.plan, place);
        self.push_named(Cow::Borrowed(step.name()), step, after, close);
    }

    fn push_named(
        &mut self,
        name: Cow<'static, str>,
        step: &Step,
        after: Vec<usize>,
        close: Close,
    ) {
        self.pending.push(Pending {
            name,
            order: step.get_order(),
            after,
            need: step.need(),
            transparent: false,
            job: job(&self.cx.board, &self.cx.reason, close),
        });
    }
}

/// Begins one close, once it is its turn.
pub(crate) type Close = Box<dyn FnOnce(Context) -> Begun + Send>;

/// A close that has begun. Steps that nobody wrapped go to the board as they are: no thread has to
/// wait for their end.
pub(crate) fn begun<F: Future<Output = Result> + Send + 'static>(close: F) -> Begun {
    if TypeId::of::<F>() != TypeId::of::<Closing>() {
        return Begun::Future(Box::pin(close));
    }
    let mut close = Some(close);
    let close: &mut dyn Any = &mut close;
    match close
        .downcast_mut::<Option<Closing>>()
        .and_then(Option::take)
    {
        Some(closing) => closing.into_begun(),
        None => unreachable!("the types are the same"),
    }
}

pub(crate) fn job(board: &Arc<Board>, reason: &Arc<Reason>, close: Close) -> Job {
    let (board, reason) = (board.clone(), reason.clone());
    Box::new(move |ticket: Ticket| {
        let cx = Context {
            board,
            ticket,
            reason,
        };
        #[cfg(feature = "test-util")]
        if let Some(fault) = cx.board.fault(cx.name()) {
            return super::faulty::begun_with(fault, close, cx);
        }
        close(cx)
    })
}

impl fmt::Debug for Steps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.pending.iter().map(|step| &step.name);
        f.debug_list().entries(names).finish()
    }
}

/// The running steps of one value: resolves when the last one has ended.
///
/// Its result says which steps did not close; what happened to each stands in the report.
#[must_use = "nothing is closed until this is awaited"]
pub struct Closing(Inner);

enum Inner {
    New(Steps),
    Begun {
        cx: Context,
        group: usize,
        // Dropped when this future is: after the last step, on the thread that waits for them.
        _kept: Vec<Box<dyn Any + Send>>,
    },
    Over,
}

impl Closing {
    fn into_begun(mut self) -> Begun {
        let Inner::New(steps) = std::mem::replace(&mut self.0, Inner::Over) else {
            return Begun::Future(Box::pin(self));
        };
        let (board, kept) = (steps.cx.board, steps.kept);
        Begun::Steps {
            steps: steps.pending,
            epilogue: Box::new(move |ticket| {
                drop(kept);
                begun(ready(unless_unclean(board.unclean_below(ticket.row))))
            }),
        }
    }
}

fn unless_unclean(unclean: Vec<Arc<str>>) -> Result {
    if unclean.is_empty() {
        Ok(())
    } else {
        Err(Box::new(StepsUnclean(unclean)))
    }
}

impl Future for Closing {
    type Output = Result;

    fn poll(self: Pin<&mut Self>, task: &mut std::task::Context<'_>) -> Poll<Result> {
        let inner = &mut self.get_mut().0;
        if let Inner::New(_) = inner {
            if let Inner::New(steps) = std::mem::replace(inner, Inner::Over) {
                let Ticket { row, limit, .. } = steps.cx.ticket;
                *inner = Inner::Begun {
                    group: steps.cx.board.begin(Some(row), steps.pending, limit),
                    cx: steps.cx,
                    _kept: steps.kept,
                };
            }
        }
        let Inner::Begun { cx, group, .. } = inner else {
            panic!("a close was polled after it had ended");
        };
        ready!(cx.board.poll_group(*group, task.waker()));
        let unclean = cx.board.unclean_below(cx.ticket.row);
        *inner = Inner::Over;
        Poll::Ready(unless_unclean(unclean))
    }
}

impl Drop for Closing {
    fn drop(&mut self) {
        if let Inner::Begun { cx, group, .. } = &self.0 {
            drop(cx.board.abandon(*group));
        }
    }
}

impl fmt::Debug for Closing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Closing").finish_non_exhaustive()
    }
}

/// Some of a value's own steps did not close.
#[derive(Debug)]
struct StepsUnclean(Vec<Arc<str>>);

impl fmt::Display for StepsUnclean {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<String> = self.0.iter().map(|name| format!("`{name}`")).collect();
        write!(f, "not closed: {}", names.join(", "))
    }
}

impl std::error::Error for StepsUnclean {}
