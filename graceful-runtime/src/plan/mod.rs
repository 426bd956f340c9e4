//! What will happen: names, orders and limits of the closes, known at compile time.

mod budget;
mod builder;
mod constant;
mod demand;
mod display;
#[cfg(feature = "field-limits")]
mod limited;
mod nanos;
mod path;
mod text;
mod tree;
mod written;

pub use budget::assert_within;
pub(crate) use budget::set_aside;
pub use constant::{
    Constant, HoldsDuration, NoDuration, assert_leaves_time, constant, longer_than_zero, nanos,
};
pub(crate) use demand::{Overrides, TimeDemand};
pub use display::Mermaid;
#[cfg(feature = "field-limits")]
pub(crate) use limited::TooLong;
pub(crate) use tree::AT_REQUEST;
pub use tree::{Plan, Step};
pub use written::{nested, nested_within, step, step_within, within};
