//! What `main` may return, told apart by the compiler: a state, a result, anything with an exit code.
#![allow(
    missing_debug_implementations,
    reason = "as in `private`, which exports these"
)]

use crate::autoref::kinds;
use crate::lifecycle::Handle;
use crate::plan::Plan;
use crate::shutdown::{NoPlan, Shutdown};
use crate::stop::{SERVING, Serving};
use std::fmt::Debug;
use std::marker::PhantomData;
use std::process::{ExitCode, Termination};

/// Called after the closes: gives `main`'s own code, and prints its error.
type Code = Box<dyn FnOnce() -> ExitCode>;

/// What is known of a value whose type stays as it was written. It goes to whoever called `main`.
pub trait Keeps<T> {
    /// Notes the value, and gives the exit code that it stands for.
    fn returned(&self, handle: &Handle, returned: &T) -> u8;

    /// A value that stands for an exit code, where there is one.
    fn of_code(&self, code: u8) -> Option<T>;

    /// Prints what the process would print of it.
    fn print(&self, returned: T);
}

/// What happens with what `main` returned.
pub trait Main<T> {
    /// What ends the body where it serves by itself; none where it only starts up a state that then runs.
    fn serving(&self) -> Option<Serving> {
        Some(SERVING)
    }

    /// The plan of that state.
    fn plan(&self) -> Option<&'static Plan> {
        None
    }

    /// Hands a state over, or begins the stop.
    fn returned(self, handle: &Handle, returned: T) -> Code;
}

/// The type that a future, `main`'s, will return.
pub struct Returns<T>(PhantomData<T>);

impl<T> Returns<T> {
    /// Of this future.
    pub fn of<F: Future<Output = T>>(_: &F) -> Self {
        Self(PhantomData)
    }
}

kinds! { main_kind:
    /// The state.
    StateKind gives State for [S: Shutdown] &&&&Returns<S>;
    /// The state, or an error. One that can't be shown is refused where it is used, and then named.
    TryStateKind gives TryState for [S: Shutdown, E] &&&Returns<Result<S, E>>;
    /// An exit code, or an error, as above.
    ResultKind gives Fallible for [T: Termination, E] &&Returns<Result<T, E>>;
    /// An exit code.
    TerminationKind gives Terminates for [T: Termination] &Returns<T>;
    /// Anything else, which is refused.
    AnyKind gives Anything for [T] Returns<T>;
}

kinds! { kept_kind:
    /// A result that can be shown.
    KeptResultKind gives KeptResult for [T: Plain, E: Debug] &&Returns<Result<T, E>>;
    /// An exit code.
    KeptKind gives Kept for [T: Plain] &Returns<T>;
    /// Anything else: rustc says what is wrong with it.
    UnknownKind gives Unknown for [T] Returns<T>;
}

/// The state.
pub struct State;

/// The state, or an error. One that can't be shown is refused where it is used, and then named.
pub struct TryState;

/// An exit code, or an error, as above.
pub struct Fallible;

/// An exit code.
pub struct Terminates;

/// Anything else, which is refused.
pub struct Anything;

/// A result that can be shown.
pub struct KeptResult;

/// An exit code.
pub struct Kept;

/// Anything else: rustc says what is wrong with it.
pub struct Unknown;

/// What holds an exit code, and nothing else.
pub trait Plain: Termination + Sized {
    #[doc(hidden)]
    fn code(&self) -> u8;
    #[doc(hidden)]
    fn of(code: u8) -> Option<Self>;
}

impl Plain for () {
    fn code(&self) -> u8 {
        0
    }

    fn of(code: u8) -> Option<Self> {
        (code == 0).then_some(())
    }
}

impl Plain for ExitCode {
    fn code(&self) -> u8 {
        number(*self)
    }

    fn of(code: u8) -> Option<Self> {
        Some(code.into())
    }
}

impl<T: Plain> Keeps<T> for Kept {
    fn returned(&self, handle: &Handle, returned: &T) -> u8 {
        let code = returned.code();
        handle.lifecycle().main_returned(code);
        code
    }

    fn of_code(&self, code: u8) -> Option<T> {
        T::of(code)
    }

    fn print(&self, _returned: T) {}
}

impl<T: Plain, E: Debug> Keeps<Result<T, E>> for KeptResult {
    fn returned(&self, handle: &Handle, returned: &Result<T, E>) -> u8 {
        match returned {
            Ok(value) => Kept.returned(handle, value),
            Err(error) => {
                handle.lifecycle().main_failed(format!("{error:?}"));
                1
            }
        }
    }

    fn of_code(&self, code: u8) -> Option<Result<T, E>> {
        T::of(code).map(Ok)
    }

    fn print(&self, returned: Result<T, E>) {
        // By the standard library's own hand, as where `main` returns it.
        returned.report();
    }
}

impl<T> Keeps<T> for Unknown {
    fn returned(&self, handle: &Handle, _returned: &T) -> u8 {
        handle.lifecycle().main_returned(0);
        0
    }

    fn of_code(&self, _code: u8) -> Option<T> {
        None
    }

    fn print(&self, _returned: T) {}
}

fn serve<S: Shutdown>(handle: &Handle, state: S) -> Code {
    handle.manage(state);
    handle.run_on();
    Box::new(|| ExitCode::SUCCESS)
}

fn fail<E: Debug + 'static>(handle: &Handle, error: E) -> Code {
    let lifecycle = handle.lifecycle().clone();
    lifecycle.main_failed(format!("{error:?}"));
    Box::new(move || match lifecycle.codes().take_error() {
        // Printed by the standard library's own hand, as under a plain `main`.
        Some(_) => Err::<(), E>(error).report(),
        // A forced exit has come first, and prints it.
        None => ExitCode::FAILURE,
    })
}

/// An exit code keeps its number to itself, but it can be compared. One that is not to be found is
/// beyond what Unix has.
pub(super) fn number(code: ExitCode) -> u8 {
    let mut number = 0;
    while number < u8::MAX && ExitCode::from(number) != code {
        number += 1;
    }
    number
}

impl<S: Shutdown> Main<S> for State {
    fn serving(&self) -> Option<Serving> {
        None
    }

    fn plan(&self) -> Option<&'static Plan> {
        Some(&S::PLAN)
    }

    fn returned(self, handle: &Handle, state: S) -> Code {
        serve(handle, state)
    }
}

impl<S: Shutdown, E: Debug + 'static> Main<Result<S, E>> for TryState {
    fn serving(&self) -> Option<Serving> {
        None
    }

    fn plan(&self) -> Option<&'static Plan> {
        Some(&S::PLAN)
    }

    fn returned(self, handle: &Handle, returned: Result<S, E>) -> Code {
        match returned {
            Ok(state) => serve(handle, state),
            Err(error) => fail(handle, error),
        }
    }
}

impl<T: Termination + 'static, E: Debug + 'static> Main<Result<T, E>> for Fallible {
    fn returned(self, handle: &Handle, returned: Result<T, E>) -> Code {
        match returned {
            Ok(value) => Terminates.returned(handle, value),
            Err(error) => fail(handle, error),
        }
    }
}

impl<T: Termination> Main<T> for Terminates {
    fn returned(self, handle: &Handle, returned: T) -> Code {
        let code = returned.report();
        handle.lifecycle().main_returned(number(code));
        Box::new(move || code)
    }
}

/// What `main` may return.
#[diagnostic::on_unimplemented(
    message = "`main` has invalid return type `{Self}`",
    label = "`main` can return a state that implements `graceful::Shutdown`, `()`, a `Result` of these, `ExitCode`, `!` or another `Termination`",
    note = "a state of your own derives it: `#[derive(graceful::Shutdown)]`",
    note = "in a lock that others hold too it is an `Option`, so that it can be taken out: `Arc<Mutex<Option<App>>>`"
)]
pub trait MainReturn {
    #[doc(hidden)]
    fn into_code(self) -> ExitCode;
}

impl<T: MainReturn> Main<T> for Anything {
    fn returned(self, handle: &Handle, returned: T) -> Code {
        let code = returned.into_code();
        handle.lifecycle().main_returned(number(code));
        Box::new(move || code)
    }
}

/// The plan of the state that `main` returns, where it does.
pub struct MainPlan<T>(PhantomData<T>);

impl<S: Shutdown> MainPlan<S> {
    /// Shadows the trait's constant where the type has a plan.
    pub const PLAN: &'static Plan = &S::PLAN;
}

impl<S: Shutdown, E> MainPlan<Result<S, E>> {
    /// Shadows the trait's constant where the type has a plan.
    pub const PLAN: &'static Plan = &S::PLAN;
}

impl<T> NoPlan for MainPlan<T> {}
