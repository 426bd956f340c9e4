//! Streams of Redis, through [`redis`](https://docs.rs/redis), as the source of a [`Consumer`](crate::consumer::Consumer).

mod in_hand;
mod reader;
mod source;

pub use source::RedisStreamSource;
