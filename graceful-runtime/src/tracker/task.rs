//! A spawned task, as the tracker sees it.

use super::cell::Cell;
use super::guard::Guard;
use super::slab::Since;
use pin_project_lite::pin_project;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::task::AbortHandle;

/// Held by the task: a guard, and its entry among the tasks of its place.
pub(super) struct Ticket {
    entry: u32,
    guard: Guard,
}

/// Held by whoever spawns it, who alone learns how to stop it.
pub(super) struct Stub {
    entry: u32,
    cell: &'static Cell,
}

impl Ticket {
    pub(super) fn new(guard: Guard, since: Since) -> (Self, Stub) {
        let cell = guard.cell();
        let entry = cell.begin(since);
        (Self { entry, guard }, Stub { entry, cell })
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        // Before the guard, which is dropped next: who sees the end of the work finds no entry.
        self.guard.cell().end(self.entry);
    }
}

impl Stub {
    pub(super) fn attach(self, handle: AbortHandle) {
        self.cell.attach(self.entry, handle);
    }
}

pin_project! {
    /// Not an async block, which would hold the future twice.
    pub(super) struct Tracked<F> {
        // Dropped first: what the future's destructor does belongs to the work.
        #[pin]
        future: F,
        ticket: Ticket,
    }
}

impl<F> Tracked<F> {
    pub(super) fn new(future: F, ticket: Ticket) -> Self {
        Self { future, ticket }
    }
}

impl<F: Future> Future for Tracked<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Self::Output> {
        self.project().future.poll(task)
    }
}
