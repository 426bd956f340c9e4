//! A spawned task, as the tracker sees it.

use super::cell::Cell;
use super::slab::Since;
use pin_project_lite::pin_project;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::task::AbortHandle;

/// Held by the task: its entry among those of its place, until it has ended.
pub(super) struct Running {
    entry: u32,
    cell: &'static Cell,
}

/// Held by whoever spawns it, who alone learns how to stop it.
pub(super) struct SpawnSlot {
    entry: u32,
    cell: &'static Cell,
    handle: Option<AbortHandle>,
}

/// One more task; `None` where the cell is closed.
pub(super) fn begin(cell: &'static Cell, since: Since) -> Option<(Running, SpawnSlot)> {
    let entry = cell.begin(since)?;
    let handle = None;
    Some((
        Running { entry, cell },
        SpawnSlot {
            entry,
            cell,
            handle,
        },
    ))
}

impl Drop for Running {
    fn drop(&mut self) {
        self.cell.end(self.entry);
    }
}

impl SpawnSlot {
    pub(super) fn attach(mut self, handle: AbortHandle) {
        self.handle = Some(handle);
    }
}

impl Drop for SpawnSlot {
    /// Also where there is nothing to attach, since spawning has panicked: the entry waits for it.
    fn drop(&mut self) {
        self.cell.attach(self.entry, self.handle.take());
    }
}

pin_project! {
    /// Not an async block, which would hold the future twice.
    pub(super) struct Tracked<F> {
        // Dropped first: what the future's destructor does belongs to the work.
        #[pin]
        future: F,
        running: Running,
    }
}

impl<F> Tracked<F> {
    pub(super) fn new(future: F, running: Running) -> Self {
        Self { future, running }
    }
}

impl<F: Future> Future for Tracked<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Self::Output> {
        self.project().future.poll(task)
    }
}
