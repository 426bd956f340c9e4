//! What the modelled file stands on: `tests/loom` gives it loom's.

pub(super) use std::sync::atomic::{AtomicU8, Ordering};
