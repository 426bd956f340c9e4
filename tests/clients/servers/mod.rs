//! The servers: how each is started.

#[cfg(feature = "redis")]
pub(crate) mod redis;
