//! The current lifecycle, and what asks it. What is found where there is none: `tests/current.rs` of the package.

use super::{life, ms};
use crate::{
    Builder, Embedded, Handle, NoLifecycle, defer, is_requested, request, until_requested,
};
use std::future::{pending, poll_fn};
use std::task::Poll;
use tokio::time::sleep;

#[test]
fn a_scope_is_left_between_two_polls() {
    life(async {
        let outer = Handle::current();
        let other = Embedded::new();
        other.handle().request("the other one alone");
        let mut inner = std::pin::pin!(other.handle().scope(async {
            assert!(is_requested());
            tokio::task::yield_now().await;
            is_requested()
        }));
        assert!(poll_fn(|task| Poll::Ready(inner.as_mut().poll(task).is_pending())).await);
        assert!(!outer.is_requested() && !is_requested());
        assert!(inner.await);
    });
}

#[test]
fn a_loop_looks_and_an_accept_ends() {
    let (rounds, report) = life(async {
        defer("last", |_| async {});
        tokio::spawn(async {
            sleep(ms(35)).await;
            request("enough");
        });
        let mut rounds = 0;
        while until_requested(sleep(ms(10))).await.is_some() {
            assert!(!is_requested());
            rounds += 1;
        }
        assert!(is_requested());
        rounds
    });
    assert_eq!((rounds, report.is_clean()), (3, true));
}

#[test]
fn once_the_stop_is_requested_nothing_is_taken_any_more() {
    life(async {
        let (sender, mut queue) = tokio::sync::mpsc::channel(1);
        sender.send(1).await.unwrap();
        request("stop");
        assert_eq!(until_requested(queue.recv()).await, None);
        assert_eq!(queue.try_recv(), Ok(1));
        assert_eq!(until_requested(pending::<()>()).await, None);
    });
}

/// The process's threads that belong to no runtime: a `ctrlc` handler, a thread of another library's.
#[test]
fn a_program_is_found_by_any_thread() {
    let runs = Builder::current_thread().signals([]).run(async {
        let (asked, answer) = tokio::sync::oneshot::channel();
        std::thread::spawn(move || asked.send(Handle::try_current().map(drop)));
        answer.await.unwrap()
    });
    // Other programs may run beside it, in other tests.
    assert!(matches!(runs, Ok(()) | Err(NoLifecycle::Several)));
}
