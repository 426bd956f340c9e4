//! Code of the user's whose panic goes no further, and of which nobody asks what it said.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs it: none where it panics.
pub(crate) fn contained<T>(run: impl FnOnce() -> T) -> Option<T> {
    match catch_unwind(AssertUnwindSafe(run)) {
        Ok(value) => Some(value),
        Err(payload) => {
            // It is the user's value, and its `Drop` may panic again.
            std::mem::forget(payload);
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::panic::panic_any;

    struct Bomb;

    impl Drop for Bomb {
        fn drop(&mut self) {
            panic!("once more");
        }
    }

    #[test]
    fn a_payload_that_panics_as_it_is_dropped_goes_no_further_either() {
        assert_eq!(contained(|| 1), Some(1));
        assert_eq!(contained(|| panic_any(Bomb)), None::<()>);
    }
}
