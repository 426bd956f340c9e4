//! A field that is closed before it would be forced is dropped in its step: what it does then is the step's, in time and in
//! the report.

use crate::life::{Behind, Gone, Held, stop};
use crate::ms;
use graceful::Outcome;
use graceful::testing::AssertReport as _;

on_each_flavor!(
    the_next_step_waits_for_its_drop,
    a_panic_of_its_drop_is_the_steps,
    of_a_clone_that_is_left_the_drop_is_waited_for,
    what_its_close_came_to_meanwhile_is_dropped_where_nobody_waits_for_that,
);

#[derive(Clone, Copy)]
enum Drops {
    Slowly,
    Panicking,
}

/// It closes at once, and has a hard way to stop too.
struct Server {
    drops: Drops,
    is_closed: bool,
    _held: Held,
}

impl Server {
    fn close(&mut self) {
        self.is_closed = true;
    }

    fn stop(self) {
        panic!("is forced, and is closed: {}", self.is_closed);
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        match self.drops {
            Drops::Slowly => std::thread::sleep(ms(300)),
            Drops::Panicking => std::panic::resume_unwind(Box::new("dropped")),
        }
    }
}

#[derive(graceful::Shutdown)]
struct App {
    #[shutdown(timeout = "8s", method = close, force = stop)]
    server: Server,
    #[shutdown(timeout = "2s")]
    behind: Behind,
}

fn app(drops: Drops) -> App {
    let gone = Gone::default();
    let server = Server {
        drops,
        is_closed: false,
        _held: gone.held(),
    };
    let behind = Behind(vec![gone]);
    App { server, behind }
}

fn the_next_step_waits_for_its_drop(flavor: &str) {
    let report = stop(flavor, ms(30_000), async |_| app(Drops::Slowly));
    report.assert_clean();
}

fn a_panic_of_its_drop_is_the_steps(flavor: &str) {
    let report = stop(flavor, ms(30_000), async |_| app(Drops::Panicking));
    let server = report.step("server").expect("it is a step");
    let panicked = Outcome::Panicked("dropped".to_owned());
    assert_eq!(server.outcome, panicked, "{report}");
    report.assert_closed("behind");
}

/// A handle that is closed by value: its close has one, and another is left.
#[derive(Clone)]
struct Client(std::sync::Arc<Server>);

impl Client {
    fn stop(self) {
        let handles = std::sync::Arc::strong_count(&self.0);
        panic!("is forced, beside {handles} handles");
    }
}

#[derive(graceful::Shutdown)]
struct OfHandles {
    #[shutdown(timeout = "8s", with = |client: Client, _| async move { drop(client) }, force = stop)]
    client: Client,
    #[shutdown(timeout = "2s")]
    behind: Behind,
}

fn of_a_clone_that_is_left_the_drop_is_waited_for(flavor: &str) {
    let report = stop(flavor, ms(30_000), async |_| {
        let App { server, behind } = app(Drops::Slowly);
        let client = Client(std::sync::Arc::new(server));
        OfHandles { client, behind }
    });
    report.assert_clean();
}

/// An error that holds more than its text, as that of a channel holds what was to be sent.
#[derive(Debug)]
struct Angry;

impl std::fmt::Display for Angry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("angry")
    }
}

impl std::error::Error for Angry {}

impl Drop for Angry {
    fn drop(&mut self) {
        std::panic::resume_unwind(Box::new("an error is dropped"));
    }
}

/// Its close blocks until it is forced, and fails then.
#[derive(Clone, Default)]
struct Blocked(std::sync::Arc<std::sync::atomic::AtomicBool>);

impl Blocked {
    fn close(self) -> Result<(), Angry> {
        while !self.0.load(std::sync::atomic::Ordering::SeqCst) {
            std::thread::sleep(ms(1));
        }
        Err(Angry)
    }

    async fn stop(self) {
        self.0.store(true, std::sync::atomic::Ordering::SeqCst);
        // Meanwhile it fails.
        tokio::time::sleep(ms(100)).await;
    }
}

#[derive(graceful::Shutdown)]
struct OfBlocked {
    #[shutdown(timeout = "4s", with = |server: Blocked, _| async move { server.close() }, force = stop)]
    server: Blocked,
    #[shutdown(timeout = "2s")]
    behind: Behind,
}

fn what_its_close_came_to_meanwhile_is_dropped_where_nobody_waits_for_that(flavor: &str) {
    let report = stop(flavor, ms(30_000), async |_| OfBlocked {
        server: Blocked::default(),
        behind: Behind(Vec::new()),
    });
    let server = report.step("server").expect("it is a step");
    let forced = Outcome::Forced(Box::new(Outcome::Closed));
    assert_eq!(server.outcome, forced, "{report}");
    report.assert_closed("behind");
}
