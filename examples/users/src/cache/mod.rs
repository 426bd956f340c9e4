//! Users that were asked for: in the process, or in Redis.

#[cfg(not(feature = "redis"))]
mod memory;
#[cfg(feature = "redis")]
mod redis;

#[cfg(not(feature = "redis"))]
pub(crate) use memory::Cache;
#[cfg(feature = "redis")]
pub(crate) use redis::Cache;
