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

/// Has a missing method reported in our words: for `close` rustc would suggest `clone`. A trait whose bound does not hold
/// is looked at after everything that has the method, and its bound's message is then the error's.
#[doc(hidden)]
#[macro_export]
macro_rules! __graceful_method {
    ($method:ident, $message:literal, $label:literal) => {
        #[diagnostic::on_unimplemented(message = $message, label = $label)]
        trait Method {}

        #[allow(dead_code)]
        trait MethodOfField {
            fn $method(&self) {}
        }

        impl<T: Method> MethodOfField for T {}
    };
}
