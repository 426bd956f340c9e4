//! NATS, through [`async-nats`](::async_nats): a client that is drained to its end, and a `JetStream` consumer as
//! the source of a [`Consumer`](crate::consumer::Consumer).

mod drain;
mod pull;
mod source;

pub use drain::drain;
pub use source::JetStreamSource;
