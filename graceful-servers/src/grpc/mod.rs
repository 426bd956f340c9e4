//! gRPC servers that end no call which its client may not try again: [`Server`] is a field of the state.
//!
//! tonic's services over the connections of [`http`](crate::http), which do what a drain needs: GOAWAY
//! twice, what has begun finished, the rest named and cut at the limit.

mod deadline;
mod health;
mod last_word;
pub mod layer;
mod server;

pub use deadline::{remaining, stopping};
pub use health::Health;
pub use server::{Builder, Server};
