//! What drains, and is asked what is left: that code is the user's too.

use super::{life, ms};
use crate::{Context, Drain, Outcome, Result, Shutdown, drain, manage};
use std::future::pending;
use std::panic::panic_any;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::Instant;

/// A list of connections whose lock is poisoned after a while: whoever asks what is left panics.
struct Connections {
    poisoned_at: Instant,
    is_cut: AtomicBool,
    gone: Notify,
}

impl Drain for Connections {
    fn close(&self, _: &Context) {}

    async fn ended(&self) {
        if !self.is_cut.load(Ordering::SeqCst) {
            self.gone.notified().await;
        }
    }

    fn left(&self) -> Option<String> {
        assert!(Instant::now() < self.poisoned_at, "poisoned");
        Some("1 connection".to_owned())
    }

    fn cut(&self) {
        self.is_cut.store(true, Ordering::SeqCst);
        self.gone.notify_waiters();
    }
}

struct Server(Arc<Connections>);

impl Shutdown for Server {
    async fn shutdown(self, cx: Context) -> Result {
        drain(self.0, cx).await;
        Ok(())
    }
}

/// What became of the close, and whether what was left has been cut.
fn poisoned_after(time: Duration) -> (Outcome, bool) {
    let connections = Arc::new(OnceLock::new());
    let kept = connections.clone();
    let report = life(async move {
        let poisoned_at = Instant::now() + time;
        let all = kept.get_or_init(|| {
            Arc::new(Connections {
                poisoned_at,
                is_cut: AtomicBool::new(false),
                gone: Notify::new(),
            })
        });
        manage(Server(all.clone()));
    })
    .1;
    let connections = connections.get().expect("it was started");
    let is_cut = connections.is_cut.load(Ordering::SeqCst);
    (report.steps[0].outcome.clone(), is_cut)
}

/// Its drop asks once more, in the middle of the panic.
#[test]
fn one_that_panics_when_it_is_asked_ends_no_process() {
    let panicked = Outcome::Panicked("poisoned".to_owned());
    assert_eq!(poisoned_after(Duration::ZERO), (panicked, true));
}

#[test]
fn one_that_panics_at_its_limit_is_cut_all_the_same() {
    assert_eq!(poisoned_after(ms(1000)), (Outcome::TimedOut, true));
}

/// Whose panic panics once more as it is dropped.
struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        panic!("once more");
    }
}

/// From that moment on it can neither be asked nor cut.
struct Wreck {
    at: Instant,
}

impl Drain for Wreck {
    fn close(&self, _: &Context) {}

    async fn ended(&self) {
        pending::<()>().await;
    }

    fn left(&self) -> Option<String> {
        if Instant::now() >= self.at {
            panic_any(Bomb)
        }
        Some("1 connection".to_owned())
    }

    fn cut(&self) {
        panic!("it can't be cut")
    }
}

struct Wrecked(Wreck);

impl Shutdown for Wrecked {
    async fn shutdown(self, cx: Context) -> Result {
        drain(Arc::new(self.0), cx).await;
        Ok(())
    }
}

/// Its two panics at its limit are no panic in the middle of a panic, and neither is what drops them.
#[test]
fn one_that_can_neither_be_asked_nor_cut_ends_no_process() {
    let report = life(async {
        manage(Wrecked(Wreck {
            at: Instant::now() + ms(1000),
        }))
    })
    .1;
    assert_eq!(report.steps[0].outcome, Outcome::TimedOut);
}
