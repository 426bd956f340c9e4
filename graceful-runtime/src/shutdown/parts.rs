//! What a value is taken apart into, each part with how it is closed.

use super::{CriticalTask, Shutdown, Watch};
use crate::context::{Close, Context, Moments, StepClose};
use crate::outcome::Result;
use crate::plan::{Plan, Step};
use std::any::Any;
use std::borrow::Cow;
use std::fmt;
use std::future::ready;

/// What a value is made of, in its plan's order: what `#[derive(Shutdown)]` expands to.
#[doc(hidden)]
#[must_use = "nothing is closed until they are"]
pub struct Parts {
    plan: &'static [Step],
    watch: Option<Watch>,
    steps: Vec<StepClose>,
    /// How many of the plan's steps have been added.
    added: usize,
    moments: Moments,
    kept: Vec<Box<dyn Any + Send>>,
}

impl Parts {
    /// None yet. The first one that is added is the first step of `plan`.
    pub fn new(plan: Plan, watch: Option<&Watch>) -> Self {
        let plan = plan.steps();
        Self {
            plan,
            watch: watch.cloned(),
            steps: Vec::with_capacity(plan.len()),
            added: 0,
            moments: Moments::default(),
            kept: Vec::new(),
        }
    }

    /// The next step closes `value`.
    #[track_caller]
    pub fn close<S: Shutdown>(&mut self, value: S) {
        let watch = self.watch_next();
        self.push(value.__graceful_close(watch.as_ref()));
    }

    /// The next step closes `value`, which is to end no earlier.
    #[track_caller]
    pub fn critical<C: CriticalTask>(&mut self, value: C) {
        let close = match self.watch_next() {
            Some(watch) => value.watched(watch),
            None => value.__graceful_close(None),
        };
        self.push(close);
    }

    /// The next step calls `close` with `value`: once, on the thread that the step runs on. What that gives calls the
    /// user's code in its first poll, and awaits what came of it in the next one.
    #[track_caller]
    pub fn call<T, F, R>(&mut self, value: T, close: F)
    where
        T: Send + 'static,
        F: FnOnce(T, Context) -> R + Send + 'static,
        R: Future<Output = Result> + Send + 'static,
    {
        self.push(Close::of_first_poll(move |cx| close(value, cx)));
    }

    /// The next step drops `value`.
    #[track_caller]
    pub fn drop<T: Send + 'static>(&mut self, value: T) {
        self.push(Close::new(move |_| {
            drop(value);
            ready(Ok(()))
        }));
    }

    /// Keeps what has nothing to close until the last step has ended, and drops it then.
    pub fn keep<T: Send + 'static>(&mut self, value: T) {
        self.kept.push(Box::new(value));
    }

    /// The close of the whole.
    pub fn whole(self) -> Close {
        let Self {
            steps,
            moments,
            kept,
            ..
        } = self;
        if steps.is_empty() {
            return Close::nothing(kept).with_moments(moments);
        }
        let close = Close::new(|cx| async move {
            let group = cx.begin_group(steps);
            let outcome = group.ended().await;
            drop(kept);
            outcome
        });
        close.with_moments(moments)
    }

    /// The close of items that no plan knows by name, all at the same time.
    pub(crate) fn each<S: Shutdown>(
        items: impl Iterator<Item = (Cow<'static, str>, S)>,
        close: impl Fn(&str, S) -> Close,
    ) -> Close {
        let mut parts = Self::new(Plan::LEAF, None);
        let step = Step::new("").plan(S::PLAN);
        for (name, item) in items {
            let close = close(&name, item);
            parts.add(name, &step, Vec::new(), close);
        }
        parts.whole()
    }

    /// None where nobody watches, and where the plan has no more steps, which is told later.
    pub(crate) fn watch_next(&self) -> Option<Watch> {
        let (watch, step) = (self.watch.as_ref()?, self.plan.get(self.added)?);
        Some(watch.below(step.name()))
    }

    /// The step that was added last.
    pub(crate) fn added(&self) -> Option<&'static Step> {
        self.plan.get(self.added.checked_sub(1)?)
    }

    /// What the next step is called.
    pub(crate) fn next_name(&self) -> &'static str {
        self.plan.get(self.added).map_or("", Step::name)
    }

    pub(crate) fn add_at_request(&mut self, act: StepClose) {
        self.moments.at_request.push(act);
    }

    #[track_caller]
    pub(crate) fn push(&mut self, close: Close) {
        let place = self.added;
        let Some(step) = self.plan.get(place) else {
            panic!(
                "the plan has {} steps, and this is one more",
                self.plan.len()
            );
        };
        let after = step.waits_for(self.plan, place);
        self.add(Cow::Borrowed(step.name()), step, after, close);
    }

    /// The step that was added last is not closed among the others, but after everything else.
    pub(crate) fn close_last(&mut self) {
        self.moments.last_words.extend(self.steps.pop());
    }

    /// Puts another close in the place of the one that was added last, which is in its turn.
    pub(crate) fn wrap_last(&mut self, wrap: impl FnOnce(Close) -> Close) {
        if let Some(mut last) = self.steps.pop() {
            last.close = wrap(last.close);
            self.steps.push(last);
        }
    }

    fn add(&mut self, name: Cow<'static, str>, step: &Step, after: Vec<usize>, mut close: Close) {
        self.added += 1;
        self.moments.add_below(&name, close.take_moments());
        let close = StepClose {
            name,
            order: step.get_order(),
            after,
            demand: step.demand(),
            is_state: false,
            close,
        };
        self.steps.push(close);
    }
}

impl fmt::Debug for Parts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.steps.iter().map(|part| &part.name);
        f.debug_list().entries(names).finish()
    }
}
