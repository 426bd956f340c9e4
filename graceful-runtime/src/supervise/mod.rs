//! The thread that nothing of the user's can make late: it owns the signals, the phases, every deadline and the forced exit.

mod clock;
mod escalate;
mod main_guard;
mod registry;
mod thread;

pub(crate) use clock::Clock;
pub(crate) use main_guard::MainGuard;
pub(crate) use thread::{ThreadInHost, supervise};
