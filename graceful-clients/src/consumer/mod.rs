//! The one loop that every consumer of messages is, over any source of them.
//!
//! - [`Consumer`] takes, processes and acknowledges, until it is closed.
//! - [`Source`] is what it takes from: a [queue](crate::queue) in the process, or a broker.

mod backoff;
mod builder;
mod counts;
mod dead_letter;
mod field;
mod in_hand;
mod process;
mod running;
mod source;
mod stop;
#[cfg(test)]
mod tests;
mod timetable;

pub use backoff::Backoff;
pub use builder::Builder;
pub use counts::Counts;
pub use field::Consumer;
pub use source::Source;
