//! What the modelled files stand on: `tests/loom` gives them loom's.

pub(super) use std::sync::atomic::{AtomicUsize, Ordering};
pub(super) use std::sync::{Mutex, MutexGuard};
