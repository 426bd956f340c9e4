//! What is known of a field's type: its plan, and whether it can be closed.

use crate::plan::Plan;
use crate::shutdown::{NoPlan, Shutdown};
use std::marker::PhantomData;

/// The plan of a field's type, a leaf where it has none: the missing implementation is reported
/// elsewhere, and once.
#[derive(Debug)]
pub struct PlanOf<T>(PhantomData<T>);

impl<S: Shutdown> PlanOf<S> {
    /// Shadows the trait's constant.
    pub const PLAN: Plan = S::PLAN;
}

impl<T> NoPlan for PlanOf<T> {}

/// Whether a field's type can be closed.
#[derive(Debug)]
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
