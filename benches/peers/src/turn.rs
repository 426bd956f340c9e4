//! An order by hand, for who has none: each waits until the one before it is gone, however it went.

use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::sync::oneshot::{Receiver, Sender, channel};

/// Comes when the one before has been dropped; dropping it is the turn of the next.
#[derive(Debug)]
pub struct Turn {
    before: Option<Receiver<()>>,
    _next: Sender<()>,
}

impl Future for Turn {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        match &mut self.before {
            Some(before) => Pin::new(before).poll(cx).map(drop),
            None => Poll::Ready(()),
        }
    }
}

/// Each with its turn, the first one first.
pub fn in_order<T>(all: impl IntoIterator<Item = T>) -> impl Iterator<Item = (T, Turn)> {
    let mut before = None;
    all.into_iter().map(move |one| {
        let (next, waits) = channel();
        let turn = Turn {
            before: before.replace(waits),
            _next: next,
        };
        (one, turn)
    })
}
