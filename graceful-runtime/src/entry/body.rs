//! The body of `main`: caught where it panics, dropped where the stop says so.

use crate::leave::has_left;
use crate::lifecycle::{Body, Lifecycle, enter_body};
use crate::outcome::panic_message;
use std::any::Any;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;

/// How the body ended.
pub(crate) enum Ended<T> {
    Returned(T),
    Panicked(Box<dyn Any + Send>),
    /// A signal, a request or an exit cut it.
    Dropped,
}

/// Polls the body until it ends or is to be dropped, and drops what is left of it in any case.
pub(super) async fn drive<T>(
    lifecycle: &Arc<Lifecycle>,
    body: Pin<Box<dyn Future<Output = T> + '_>>,
) -> Ended<T> {
    let mut body = Some(body);
    let mut to_be_dropped = Box::pin(lifecycle.body_is(Body::ToBeDropped));
    let ended = poll_fn(|task| {
        if to_be_dropped.as_mut().poll(task).is_ready() {
            return Poll::Ready(Ended::Dropped);
        }
        let Some(running) = &mut body else {
            return Poll::Ready(Ended::Dropped);
        };
        let polled = {
            let _inside = enter_body();
            catch_unwind(AssertUnwindSafe(|| running.as_mut().poll(task)))
        };
        match polled {
            Ok(Poll::Pending) if lifecycle.body() == Body::ToBeDropped => {
                Poll::Ready(Ended::Dropped)
            }
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(returned)) => Poll::Ready(Ended::Returned(returned)),
            Err(payload) if has_left(&*payload) => Poll::Ready(Ended::Dropped),
            Err(payload) => Poll::Ready(Ended::Panicked(payload)),
        }
    })
    .await;
    let dropped = catch_unwind(AssertUnwindSafe(|| drop(body.take())));
    match (ended, dropped) {
        (Ended::Dropped | Ended::Returned(_), Err(payload)) => Ended::Panicked(payload),
        (ended, _) => ended,
    }
}

/// Notes a panic that goes on afterwards.
pub(super) fn panicked(lifecycle: &Lifecycle, payload: &(dyn Any + Send)) {
    lifecycle.main_panicked(panic_message(payload));
}
