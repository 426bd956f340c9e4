//! Which lifecycle is the current one, where many tests run in one process.

use super::{life, ms};
use crate::{
    Builder, Embedded, Handle, NoLifecycle, Phase, defer, is_requested, request, until_requested,
};
use std::future::{pending, poll_fn};
use std::sync::mpsc;
use std::task::Poll;
use std::time::Duration;
use tokio::time::sleep;

/// What a library does that was written for `#[graceful::main]`.
fn library() -> Result<Phase, NoLifecycle> {
    Handle::try_current().map(|handle| handle.phase())
}

/// `#[tokio::test]` beside `#[graceful::test]`, at the same time for certain.
#[test]
fn a_test_of_tokio_does_not_find_its_neighbour() {
    let (inside, is_inside) = mpsc::channel();
    let (go_on, may_go_on) = mpsc::channel::<()>();
    let neighbour = std::thread::spawn(move || {
        life(async move {
            inside.send(library()).unwrap();
            may_go_on.recv().unwrap();
        })
    });
    assert_eq!(is_inside.recv().unwrap(), Ok(Phase::Starting));
    let of_tokio = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    assert_eq!(
        of_tokio.block_on(async { library() }),
        Err(NoLifecycle::None)
    );
    go_on.send(()).unwrap();
    neighbour.join().unwrap();
}

#[tokio::test]
async fn a_host_is_found_in_its_scope_and_in_its_closes_alone() {
    let service = Embedded::new();
    assert_eq!(library(), Err(NoLifecycle::None));
    let handle = service.handle();
    let found = tokio::spawn(handle.scope(async {
        tokio::task::yield_now().await;
        library()
    }));
    assert_eq!(found.await.unwrap(), Ok(Phase::Starting));
    assert_eq!(library(), Err(NoLifecycle::None));

    let (found, is_found) = tokio::sync::oneshot::channel();
    handle.defer("asks", |_| async move { found.send(library()) == Ok(()) });
    service
        .stop(Duration::from_secs(60))
        .await
        .into_result()
        .unwrap();
    assert_eq!(is_found.await.unwrap(), Ok(Phase::Closing));
}

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
fn the_panic_says_what_a_library_can_do() {
    let message = std::thread::spawn(Handle::current).join().unwrap_err();
    let message = message.downcast_ref::<String>().unwrap();
    for word in ["Handle", "try_current", "Embedded", "#[graceful::main]"] {
        assert!(message.contains(word), "{message}");
    }
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
