//! `sentry`.

use crate::kit::{connections, none_is_left, program, ready};
use crate::servers::envelopes::Envelopes;
use graceful::Signal;
use std::time::Duration;

#[test]
fn every_event_is_sent() {
    let server = Envelopes::start(true);
    let mut service = ready(program("sentry", "load", server.port()));
    let ended = service.signal(Signal::Terminate).end();
    ended.assert_code(0);
    none_is_left(&ended, || connections(server.port()));
    assert_eq!(server.events(), 20, "{ended}");
}

#[test]
fn a_server_that_answers_nobody_costs_the_limit_and_is_a_failure() {
    let server = Envelopes::start(false);
    let mut service = ready(program("sentry", "load", server.port()));
    let ended = service.signal(Signal::Terminate).end();
    ended
        .assert_code(1)
        .assert_within(Duration::from_secs(8))
        .assert_stdout(&["beside: closed"])
        .assert_stderr(&["! sentry"]);
}
