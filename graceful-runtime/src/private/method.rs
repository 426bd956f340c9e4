//! `method = close`: what the method is called on.

use crate::context::Context;
use crate::outcome::Result;

/// A field before its method is called.
pub struct Held<T>(pub T);

impl<T> Held<Option<T>> {
    /// What is in it, as deep as a method is looked for. Shadows the trait's method.
    pub fn open(self) -> Option<T> {
        self.0
    }
}

impl<'a, T> Held<&'a Option<T>> {
    /// The same of a field that others hold.
    pub fn open(self) -> Option<&'a T> {
        self.0.as_ref()
    }
}

impl<'a, T> Held<&'a mut Option<T>> {
    /// The same of a field that may be forced afterwards.
    pub fn open(self) -> Option<&'a mut T> {
        self.0.as_mut()
    }
}

/// A field that is no `Option`, though its type's name ends so.
pub trait Whole: Sized {
    /// What it holds.
    type Inside;

    /// The field itself.
    fn open(self) -> Option<Self::Inside>;
}

impl<T> Whole for Held<T> {
    type Inside = T;

    fn open(self) -> Option<T> {
        Some(self.0)
    }
}

/// Where an `Option` holds nothing.
///
/// # Errors
///
/// None.
#[allow(
    clippy::needless_pass_by_value,
    reason = "a context is handed over by value everywhere"
)]
pub fn nothing(cx: Context) -> Result {
    cx.nothing_to_close();
    Ok(())
}

/// What is called by `method = close`. Everything that has the method comes first; where nothing has it, this bound does
/// not hold, and its message is the error's. Else rustc would suggest the method whose letters are most alike, `clone`.
pub trait CloseOfField {
    /// Never called.
    fn close(&self) {}
}

impl<T: HasClose> CloseOfField for T {}

/// Nothing implements it.
#[diagnostic::on_unimplemented(
    message = "the field has no method `close`: name the one that closes it, or write `with = |field, cx| ...`",
    label = "no method of this name"
)]
pub trait HasClose {}
