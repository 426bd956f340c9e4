//! `redis`.

use crate::kit::{Server, holder};
use crate::servers::redis::REDIS;
use graceful::Signal;
use std::time::Duration;

#[test]
fn a_multiplexed_connection_loses_no_answer_and_leaves_no_session() {
    let Some(server) = REDIS.start() else { return };
    let mut service = holder("redis", "load", &server);
    assert_eq!(sessions(&server), 1);
    let ended = service
        .after(Duration::from_millis(300))
        .signal(Signal::Terminate)
        .end();
    ended.assert_code(0).assert_within(Duration::from_secs(5));
    assert_eq!(sessions(&server), 0);
    let counted: u64 = ask(&server, redis::cmd("GET").arg("counted"));
    ended.assert_stdout(&[&format!("acknowledged {counted}")]);
}

#[test]
fn a_frozen_server_costs_the_limit_of_the_field_that_waits_for_it() {
    let Some(server) = REDIS.start() else { return };
    let mut service = holder("redis", "load", &server);
    server.freeze();
    let ended = service.signal(Signal::Terminate).end();
    ended
        .assert_code(1)
        .assert_within(Duration::from_secs(10))
        .assert_stderr(&["load", "timed out"])
        .assert_stderr(&["redis", "closed"]);
    server.thaw();
    assert_eq!(sessions(&server), 0);
}

#[test]
fn a_server_that_is_gone_is_an_error_of_the_field_that_needs_it() {
    let Some(mut server) = REDIS.start() else {
        return;
    };
    let mut service = holder("redis", "load", &server);
    server.kill();
    let ended = service
        .after(Duration::from_millis(100))
        .signal(Signal::Terminate)
        .end();
    ended
        .assert_code(1)
        .assert_within(Duration::from_secs(5))
        .assert_stderr(&["load", "failed"])
        .assert_stderr(&["redis", "closed"]);
}

pub(crate) fn ask<T: redis::FromRedisValue>(server: &Server, command: &redis::Cmd) -> T {
    let client = redis::Client::open(format!("redis://127.0.0.1:{}", server.port())).unwrap();
    let mut connection = client.get_connection().unwrap();
    command.query(&mut connection).unwrap()
}

/// Those of others than who asks.
pub(crate) fn sessions(server: &Server) -> usize {
    let list: String = ask(server, redis::cmd("CLIENT").arg("LIST"));
    list.lines().count() - 1
}
