//! What is done at the end of a task, however it ends.

/// Calls what it was given when it is dropped: also where the task panics.
#[derive(Debug)]
pub struct AtEnd<F: FnOnce()>(Option<F>);

impl<F: FnOnce()> AtEnd<F> {
    /// Held until the end.
    pub fn new(call: F) -> Self {
        Self(Some(call))
    }
}

impl<F: FnOnce()> Drop for AtEnd<F> {
    fn drop(&mut self) {
        if let Some(call) = self.0.take() {
            call();
        }
    }
}
