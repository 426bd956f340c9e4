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
