//! `RabbitMQ`, through [`lapin`](https://docs.rs/lapin): connections that are closed, and a queue as the source of a
//! [`Consumer`](crate::consumer::Consumer).

mod close;
mod source;

pub use close::close;
pub use source::RabbitSource;
