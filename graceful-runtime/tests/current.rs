//! Which lifecycle is the current one, where tests of all kinds run in one process, and no program does.

use graceful::{Embedded, Handle, NoLifecycle, Phase};
use std::sync::{Arc, Barrier};
use std::time::Duration;
use tokio::time::sleep;

/// What a library does that was written for `#[graceful::main]`.
fn library() -> Result<Phase, NoLifecycle> {
    Handle::try_current().map(|handle| handle.phase())
}

const LOOKS: usize = 20;
const PAUSE: Duration = Duration::from_millis(5);

#[graceful::test]
async fn one_of_graceful_finds_its_own() {
    for _ in 0..LOOKS {
        assert_eq!(library(), Ok(Phase::Starting));
        sleep(PAUSE).await;
    }
}

#[tokio::test]
async fn one_of_tokio_beside_it_finds_none() {
    for _ in 0..LOOKS {
        assert_eq!(library(), Err(NoLifecycle::None));
        sleep(PAUSE).await;
    }
}

/// The same at the same time for certain.
#[test]
fn a_neighbour_that_runs_is_not_found() {
    let (runs, may_end) = (Arc::new(Barrier::new(2)), Arc::new(Barrier::new(2)));
    let neighbour = {
        let (runs, may_end) = (runs.clone(), may_end.clone());
        let start = async move || {
            assert_eq!(library(), Ok(Phase::Starting));
            runs.wait();
            may_end.wait();
            None::<tokio::task::JoinHandle<()>>
        };
        std::thread::spawn(move || graceful::testing::run(start).report())
    };
    runs.wait();
    let found = library();
    may_end.wait();
    assert_eq!(found, Err(NoLifecycle::None));
    assert!(neighbour.join().unwrap().is_clean());
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
    let report = service.stop(Duration::from_secs(60)).await;
    report.into_result().unwrap();
    assert_eq!(is_found.await.unwrap(), Ok(Phase::Closing));
}

#[test]
fn the_panic_says_what_a_library_can_do() {
    let message = std::thread::spawn(Handle::current).join().unwrap_err();
    let message = message.downcast_ref::<String>().unwrap();
    for word in ["Handle", "try_current", "Embedded", "#[graceful::main]"] {
        assert!(message.contains(word), "{message}");
    }
}
