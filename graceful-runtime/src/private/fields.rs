//! What is known of a field's type: its plan, and whether it can be closed.

#![allow(
    clippy::unused_self,
    reason = "methods, so that the kind which the compiler finds decides which one is called"
)]

use crate::plan::{Plan, Step, nested, nested_within, step, step_within};
use crate::shutdown::{NoPlan, Parts, Shutdown};
use std::marker::PhantomData;

/// Whether a field's type has a plan. Where it has none, that is reported elsewhere, and once.
pub struct PlanOf<T>(PhantomData<T>);

impl<S: Shutdown> PlanOf<S> {
    /// Shadows the trait's constant. For a type that is made of others: as a constant it is in a note at the
    /// field, where the plan of what it is made of proves wrong.
    pub const PLAN: &'static Plan = S::__GRACEFUL_NESTED;

    /// Shadows the trait's constant.
    pub const KIND: Planned<S> = Planned(PhantomData);
}

impl<T> NoPlan for PlanOf<T> {}
impl<T> NotPlanned for PlanOf<T> {}

/// What has no plan.
pub trait NotPlanned {
    /// It has none.
    const KIND: Unplanned = Unplanned;
}

/// The plan of a field's type.
pub struct Planned<S>(PhantomData<S>);

/// Stands for it where there is none.
pub struct Unplanned;

// The plan is asked for in here and not in a constant: each would count as one more level of what is nested, and rustc
// goes into 128.
impl<S: Shutdown> Planned<S> {
    /// A step that closes it.
    #[track_caller]
    pub const fn step(self, name: &'static str, order: u32) -> Step {
        nested(name, order, S::__GRACEFUL_NESTED)
    }

    /// The same, of so many nanoseconds at most.
    #[track_caller]
    pub const fn step_within(self, name: &'static str, order: u32, nanos: u64) -> Step {
        nested_within(name, order, nanos, S::__GRACEFUL_NESTED)
    }
}

impl Unplanned {
    /// In place of the step.
    pub const fn step(self, name: &'static str, order: u32) -> Step {
        step(name, order)
    }

    /// In place of the step.
    pub const fn step_within(self, name: &'static str, order: u32, nanos: u64) -> Step {
        step_within(name, order, nanos)
    }
}

/// A step that closes what a parameter stands for, whose bound says that it has a plan. By value, as the plan
/// of a generic type is no static: a reference to it would be a constant of its own.
#[track_caller]
pub const fn planned<S: Shutdown>(name: &'static str, order: u32) -> Step {
    step(name, order).plan(S::PLAN)
}

/// The same, of so many nanoseconds at most.
#[track_caller]
pub const fn planned_within<S: Shutdown>(name: &'static str, order: u32, nanos: u64) -> Step {
    step_within(name, order, nanos).plan(S::PLAN)
}

/// How a last word is closed that does not say it: through its own `Shutdown`, or by being dropped where it has none.
pub struct LastWordOf<T>(PhantomData<T>);

impl<S: Shutdown> LastWordOf<S> {
    /// Shadows the trait's constant.
    pub const KIND: ClosedLast = ClosedLast;
}

/// What has no close of its own.
pub trait NoCloseOfItsOwn {
    /// It is dropped.
    const KIND: DroppedLast = DroppedLast;
}

impl<T> NoCloseOfItsOwn for LastWordOf<T> {}

/// Closes it.
pub struct ClosedLast;

/// Drops it.
pub struct DroppedLast;

impl ClosedLast {
    /// The next step closes `value`.
    #[track_caller]
    pub fn close<S: Shutdown>(self, parts: &mut Parts, value: S) {
        parts.close(value);
    }
}

impl DroppedLast {
    /// The next step drops `value`.
    #[track_caller]
    pub fn close<T: Send + 'static>(self, parts: &mut Parts, value: T) {
        parts.drop(value);
    }
}

/// Whether a field's type can be closed.
pub struct Closable<T>(PhantomData<T>);

impl<S: Shutdown> Closable<S> {
    /// Shadows the trait's constant.
    pub const YES: bool = true;
}

/// What can't be closed.
pub trait NotClosable {
    /// It can't.
    const YES: bool = false;
}

impl<T> NotClosable for Closable<T> {}

/// Refuses, at compile time, a field that would be forgotten.
#[track_caller]
pub const fn forgotten(closable: bool, message: &str) {
    assert!(!closable, "{}", message);
}

/// Refuses, at compile time, a type of tokio-util that would be forgotten, also where nothing here knows
/// that it can be closed.
#[track_caller]
pub const fn forgotten_of_tokio_util(closable: bool, message: &str, without_feature: &str) {
    forgotten(closable, message);
    #[cfg(not(feature = "tokio-util"))]
    panic!("{}", without_feature);
    #[cfg(feature = "tokio-util")]
    let _ = without_feature;
}

/// Refuses, at compile time, a field that would be forgotten and is known by the name of a type to need a close, also
/// where nothing here closes it; not where that name is of another type, which has a close of its own.
#[track_caller]
pub const fn forgotten_by_name(
    closable: bool,
    message: &str,
    is_another: bool,
    not_closable: &str,
) {
    forgotten(closable, message);
    assert!(is_another, "{}", not_closable);
}
