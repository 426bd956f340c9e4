//! The body of `main`: caught where it panics, dropped where the stop says so.

use crate::exit_payload::is_exit;
use crate::lifecycle::{BodyStage, Lifecycle, enter_body};
use crate::outcome::panic_message;
use std::any::Any;
use std::cell::Cell;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tokio::runtime::Handle;

/// How the body ended.
pub(crate) enum Ended<T> {
    Returned(T),
    Panicked(Box<dyn Any + Send>),
    /// A signal, a request or an exit cut it.
    Dropped,
}

impl Ended<()> {
    /// With what [`into_output`] has put there.
    pub(super) fn with<T>(self, output: &Cell<Option<T>>) -> Ended<T> {
        match self {
            Ended::Returned(()) => Ended::Returned(output.take().expect("it is put there first")),
            Ended::Panicked(payload) => Ended::Panicked(payload),
            Ended::Dropped => Ended::Dropped,
        }
    }
}

/// Puts what `body` returns into `output`: a life is the same code for every type of it.
pub(super) fn into_output<'a, T>(
    mut body: Pin<Box<dyn Future<Output = T> + 'a>>,
    output: &'a Cell<Option<T>>,
) -> Pin<Box<dyn Future<Output = ()> + 'a>> {
    Box::pin(poll_fn(move |task| {
        let polled = body.as_mut().poll(task);
        polled.map(|returned| output.set(Some(returned)))
    }))
}

/// Polls the body until it ends or is to be dropped. What is left of it stays in its place, for
/// [`drop_outside`].
pub(super) async fn drive(
    lifecycle: &Arc<Lifecycle>,
    mut body: Pin<&mut (dyn Future<Output = ()> + '_)>,
) -> Ended<()> {
    let mut to_be_dropped = lifecycle.body().drop_requested();
    poll_fn(|task| {
        if to_be_dropped.as_mut().poll(task).is_ready() {
            return Poll::Ready(Ended::Dropped);
        }
        let polled = {
            let _inside = enter_body();
            let waker = lifecycle.body().poll_begins(task.waker());
            let mut task = Context::from_waker(&waker);
            let polled = catch_unwind(AssertUnwindSafe(|| body.as_mut().poll(&mut task)));
            lifecycle.body().poll_ends();
            polled
        };
        lifecycle.assert_not_forked();
        match polled {
            Ok(Poll::Pending) if lifecycle.body().stage() == BodyStage::ToBeDropped => {
                Poll::Ready(Ended::Dropped)
            }
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(())) => Poll::Ready(Ended::Returned(())),
            Err(payload) if is_exit(&*payload) => Poll::Ready(Ended::Dropped),
            Err(payload) => Poll::Ready(Ended::Panicked(payload)),
        }
    })
    .await
}

/// Drops what is left of the body, with its runtime entered: outside of `block_on`, so that what it holds may block
/// in its `Drop`, as a runtime of its own does.
pub(super) fn drop_outside(
    runtime: &Handle,
    body: Pin<Box<dyn Future<Output = ()> + '_>>,
    ended: Ended<()>,
) -> Ended<()> {
    let _entered = runtime.enter();
    let dropped = catch_unwind(AssertUnwindSafe(|| drop(body)));
    match (ended, dropped) {
        (Ended::Dropped | Ended::Returned(()), Err(payload)) => Ended::Panicked(payload),
        (ended, _) => ended,
    }
}

/// Notes a panic that goes on afterwards.
pub(super) fn panicked(lifecycle: &Lifecycle, payload: &(dyn Any + Send)) {
    lifecycle.main_panicked(panic_message(payload));
}
