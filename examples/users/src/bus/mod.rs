//! What happens to users, for all who want to know: in the process, or over NATS.

#[cfg(not(feature = "nats"))]
mod memory;
#[cfg(feature = "nats")]
mod nats;

#[cfg(not(feature = "nats"))]
pub(crate) use memory::Bus;
#[cfg(feature = "nats")]
pub(crate) use nats::Bus;
