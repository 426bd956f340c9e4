//! The lifecycle of a process, as everybody in it can see it: its phase, why it ends, what is to be closed.

// First, since rustdoc keeps the order: the page of `Handle` begins with how one is had.
mod handle;

mod body;
mod codes;
mod critical;
mod current;
mod deferred;
mod functions;
mod limits;
mod main_end;
mod on_report;
mod phases;
mod process;
mod reporting;
mod resource;
mod scope;
mod sections;
mod shield;
mod stack;
mod state;
mod sync;
mod terms;

pub(crate) use body::{BodyStage, enter_body};
pub use critical::{Critical, critical};
pub use current::NoLifecycle;
pub(crate) use current::enter;
pub use deferred::Deferred;
pub use functions::{
    defer, draining, exit, is_requested, manage, request, requested, until_requested,
};
pub use handle::{Handle, Requested};
pub use on_report::on_report;
pub(crate) use reporting::{ReportHook, Reporting};
pub use resource::{Resource, resource};
pub use scope::Scope;
pub use shield::{Shield, shield};
pub(crate) use stack::Entry;
pub(crate) use state::Lifecycle;
pub(crate) use terms::{Stop, Terms};
