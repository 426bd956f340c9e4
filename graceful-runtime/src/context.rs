//! What a close may ask while it runs; a close that has not begun, which is given that, with what its value asks for at
//! other moments; and who runs the steps of a value that is made of several. One file: each of these names the others.

use crate::executor::Executor;
use crate::group_handle::GroupHandle;
use crate::outcome::{Outcome, Result};
use crate::plan::TimeDemand;
use crate::reason::Reason;
use crate::step_state::StepState;
use std::borrow::Cow;
use std::fmt;
use std::future::ready;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{self, Poll, Waker};
use std::time::Duration;
use tokio::time::Instant;

/// What a close may ask while it runs: how long it has, why the stop began, and who it is.
///
/// ```
/// use graceful::{Context, Result, Shutdown};
///
/// struct Outbox(Vec<String>);
///
/// impl Shutdown for Outbox {
///     async fn shutdown(self, cx: Context) -> Result {
///         let total = self.0.len();
///         for (sent, message) in self.0.into_iter().enumerate() {
///             cx.progress(format!("sent {sent} of {total}"));
///             tokio::time::timeout_at(cx.deadline(), send(message)).await?;
///         }
///         Ok(())
///     }
/// }
/// # async fn send(_: String) {}
/// ```
#[derive(Clone)]
pub struct Context {
    sequencer: Arc<dyn Sequencer>,
    step: Arc<StepState>,
    limit: Instant,
    reason: Arc<Reason>,
}

impl Context {
    pub(crate) fn new(
        sequencer: Arc<dyn Sequencer>,
        step: Arc<StepState>,
        limit: Instant,
        reason: Arc<Reason>,
    ) -> Self {
        Self {
            sequencer,
            step,
            limit,
            reason,
        }
    }

    /// When this step is left behind. Not later than the total deadline, which is frozen when the
    /// stop begins.
    pub fn deadline(&self) -> Instant {
        self.limit
    }

    /// What is left until the [`deadline`](Context::deadline); zero once it has passed.
    pub fn remaining(&self) -> Duration {
        self.limit.saturating_duration_since(Instant::now())
    }

    /// Why the stop began.
    pub fn reason(&self) -> &Reason {
        &self.reason
    }

    /// The dotted path of the field that is being closed: `storage.db`.
    pub fn name(&self) -> &str {
        self.step.name()
    }

    /// Says how far the close is. The last word stands in the report where the step did not close, and in the line
    /// that is written every few seconds while something is slow.
    pub fn progress(&self, text: impl Into<String>) {
        self.step.set_progress(text.into());
    }

    /// Says something that stands in the report however the step ends: a client that did not answer, what was
    /// thrown away. The last note counts.
    ///
    /// [`progress`](Context::progress) is for what is over once the step has closed.
    pub fn note(&self, text: impl Into<String>) {
        self.step.set_note(text.into());
    }

    /// Says how much is in flight still. Where the step does not close it stands in the report as a number, beside the
    /// words of [`progress`](Context::progress).
    pub fn in_flight(&self, count: usize) {
        self.step.set_in_flight(count);
    }

    /// What is known of the step.
    pub(crate) fn step(&self) -> &Arc<StepState> {
        &self.step
    }

    /// Who closes it.
    pub(crate) fn sequencer(&self) -> &Arc<dyn Sequencer> {
        &self.sequencer
    }

    /// Says that there was nothing to close: the step is reported as skipped.
    pub(crate) fn nothing_to_close(&self) {
        self.step.set_nothing_to_close();
    }

    /// What is cut with this step has been dropped when `end` resolves: the next step waits for that, for
    /// some milliseconds.
    pub(crate) fn await_after_cut(&self, end: impl Future<Output = ()> + Send + 'static) {
        self.step.add_cut_end(Box::pin(end));
    }

    /// Leaves the last words to who knows their moment; what has missed its own is given back.
    pub(crate) fn hand_over(&self, moments: Moments) -> Vec<StepClose> {
        let Moments {
            mut last_words,
            at_request: missed,
        } = moments;
        for word in &mut last_words {
            word.name = self.step.path_below(&word.name).into();
        }
        self.sequencer.hand_over(last_words);
        missed
    }

    /// The same, with an earlier limit.
    pub(crate) fn until(&self, limit: Instant) -> Self {
        Self {
            limit,
            ..self.clone()
        }
    }

    /// Begins to close the steps of a value in this step.
    pub(crate) fn begin_group(&self, steps: Vec<StepClose>) -> GroupHandle {
        let group = GroupHandle::new(self.step.clone());
        let sequencer = self.sequencer.clone();
        sequencer.begin_group(self.step.clone(), self.limit, steps, &group);
        group
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context")
            .field("name", &self.name())
            .field("remaining", &self.remaining())
            .field("reason", &self.reason)
            .finish_non_exhaustive()
    }
}

pub(crate) type CloseFuture = Pin<Box<dyn Future<Output = Result> + Send>>;

/// A close that has not begun: of a value, or of what that is made of.
#[doc(hidden)]
pub struct Close {
    begin: Box<dyn FnOnce(Context) -> CloseFuture + Send>,
    is_nothing: bool,
    moments: Moments,
    /// It is two, and a fault of a test takes the place of the first.
    #[cfg(feature = "test-util")]
    is_forced: bool,
}

impl Close {
    /// `begin` is called once, on the thread that polls the close first, where it may block.
    pub(crate) fn new<F>(begin: impl FnOnce(Context) -> F + Send + 'static) -> Self
    where
        F: Future<Output = Result> + Send + 'static,
    {
        Self {
            begin: Box::new(|cx| Box::pin(begin(cx))),
            is_nothing: false,
            moments: Moments::default(),
            #[cfg(feature = "test-util")]
            is_forced: false,
        }
    }

    /// The same for what begins in its first poll, and only goes on in the next one: so the first is where it may block.
    pub(crate) fn of_first_poll<F>(begin: impl FnOnce(Context) -> F + Send + 'static) -> Self
    where
        F: Future<Output = Result> + Send + 'static,
    {
        Self {
            begin: Box::new(|cx| begun(Box::pin(begin(cx)))),
            is_nothing: false,
            moments: Moments::default(),
            #[cfg(feature = "test-util")]
            is_forced: false,
        }
    }

    /// Where there is nothing to close; what is `kept` is dropped in its turn.
    pub(crate) fn nothing(kept: impl Send + 'static) -> Self {
        let close = Self::new(|cx| {
            drop(kept);
            cx.nothing_to_close();
            ready(Ok(()))
        });
        Self {
            is_nothing: true,
            ..close
        }
    }

    /// The same, with what is to happen at other moments.
    pub(crate) fn with_moments(self, moments: Moments) -> Self {
        Self { moments, ..self }
    }

    /// The same where there is something to close, as `both` carries it out beside another close.
    pub(crate) fn carried_out_by<F>(mut self, both: F) -> Self
    where
        F: FnOnce(Context, Self) -> CloseFuture + Send + 'static,
    {
        if self.is_nothing {
            return self;
        }
        let moments = self.take_moments();
        Self {
            begin: Box::new(|cx| both(cx, self)),
            is_nothing: false,
            moments,
            #[cfg(feature = "test-util")]
            is_forced: true,
        }
    }

    /// Whether it is two.
    #[cfg(feature = "test-util")]
    pub(crate) fn is_forced(&self) -> bool {
        self.is_forced
    }

    /// What is to happen at other moments, for whoever sees to it.
    pub(crate) fn take_moments(&mut self) -> Moments {
        std::mem::take(&mut self.moments)
    }

    /// Whether something is to happen with it at another moment.
    pub(crate) fn has_moments(&self) -> bool {
        !self.moments.is_empty()
    }

    /// Whether a part of it is to be closed after everything else.
    pub(crate) fn has_last_words(&self) -> bool {
        !self.moments.last_words.is_empty()
    }

    /// Whether there is nothing to close.
    pub(crate) fn is_nothing(&self) -> bool {
        self.is_nothing
    }

    /// Begins it, once it is known what is to happen at other moments.
    pub(crate) fn begin(self, cx: Context) -> CloseFuture {
        debug_assert!(!self.has_moments(), "whoever registers a close takes them");
        (self.begin)(cx)
    }
}

fn begun(mut close: CloseFuture) -> CloseFuture {
    let mut task = task::Context::from_waker(Waker::noop());
    match close.as_mut().poll(&mut task) {
        Poll::Ready(outcome) => Box::pin(ready(outcome)),
        Poll::Pending => close,
    }
}

impl fmt::Debug for Close {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Close").finish_non_exhaustive()
    }
}

/// A close with its place among those of one value.
pub(crate) struct StepClose {
    pub(crate) name: Cow<'static, str>,
    /// It waits for all of the lower orders; without one for those alone that it names.
    pub(crate) order: Option<u32>,
    /// The places of those that it names, all before its own.
    pub(crate) after: Vec<usize>,
    pub(crate) demand: TimeDemand,
    /// A whole state, whose steps stand in its place in names and in the report.
    pub(crate) is_state: bool,
    pub(crate) close: Close,
}

/// What a value asks for at other moments of the stop than that of its own close, what is in it included: carried with its
/// close, and taken from it by whoever knows those moments.
#[derive(Default)]
pub(crate) struct Moments {
    /// Closed after everything else has been said, one after the other.
    pub(crate) last_words: Vec<StepClose>,
    /// Done when the stop begins, all at the same time.
    pub(crate) at_request: Vec<StepClose>,
}

impl Moments {
    pub(crate) fn is_empty(&self) -> bool {
        self.last_words.is_empty() && self.at_request.is_empty()
    }

    /// Takes those of a part that is called so.
    pub(crate) fn add_below(&mut self, name: &str, mut part: Self) {
        for step in part.last_words.iter_mut().chain(&mut part.at_request) {
            step.name = format!("{name}.{}", step.name).into();
        }
        self.add(part);
    }

    pub(crate) fn add(&mut self, mut more: Self) {
        self.last_words.append(&mut more.last_words);
        self.at_request.append(&mut more.at_request);
    }
}

/// Who closes the steps of a value.
pub(crate) trait Sequencer: Send + Sync {
    /// Begins to close `steps`, all within `limit`; tells `group` when the last one has ended.
    fn begin_group(
        self: Arc<Self>,
        parent: Arc<StepState>,
        limit: Instant,
        steps: Vec<StepClose>,
        group: &GroupHandle,
    );

    /// What polls them.
    fn executor(&self) -> &Arc<Executor>;

    /// A step has ended; its first outcome stands.
    fn end_step(&self, step: &Arc<StepState>, outcome: Outcome, at: Instant);

    /// The close of the step of this name, as a test wants it.
    #[cfg(feature = "test-util")]
    fn with_fault(&self, name: &str, close: Close) -> Close;

    /// Whether nothing begins any more: the process ends, and its report has been said.
    fn begins_no_more(&self) -> bool;

    /// Takes what is to be closed after everything else.
    fn hand_over(&self, last_words: Vec<StepClose>);
}
