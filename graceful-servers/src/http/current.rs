//! The request that is being answered, for what runs in its task.

use super::connection::InFlight;
use std::cell::Cell;

thread_local! {
    static CURRENT: Cell<Option<InFlight>> = const { Cell::new(None) };
}

/// Does some of the work on the answer to this request.
#[inline]
pub(super) fn within<T>(request: &mut Option<InFlight>, work: impl FnOnce() -> T) -> T {
    let _back = Swapped::new(request);
    work()
}

/// What `look` makes of the request that is being answered; `None` where there is none.
pub(super) fn current<T>(look: impl FnOnce(&InFlight) -> T) -> Option<T> {
    let request = CURRENT.take();
    let seen = request.as_ref().map(look);
    CURRENT.set(request);
    seen
}

/// Not `tokio::task_local`, which costs a request three times the instructions.
struct Swapped<'a>(&'a mut Option<InFlight>);

impl<'a> Swapped<'a> {
    fn new(request: &'a mut Option<InFlight>) -> Self {
        *request = CURRENT.replace(request.take());
        Self(request)
    }
}

impl Drop for Swapped<'_> {
    fn drop(&mut self) {
        *self.0 = CURRENT.replace(self.0.take());
    }
}
