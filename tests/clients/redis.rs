//! `redis`, and `fred`.

use crate::kit::{
    self, Network, Server, holder, in_each_way_to_be_cut, none_is_left, program, ready,
};
use crate::servers::redis::REDIS;
use graceful::Signal;
use graceful::testing::Ended;
use std::process::Command;
use std::time::Duration;

const ENDS_WITHIN: Duration = Duration::from_secs(8);

/// Each answer that has come stands in the server, and nothing else; no session is left.
fn loses_nothing_under_load(client: &str, connections: usize) {
    let Some(server) = REDIS.start() else { return };
    let mut service = holder(client, "load", &server);
    assert_eq!(sessions(&server).lines().count(), connections);
    let ended = service
        .after(Duration::from_millis(200))
        .signal(Signal::Terminate)
        .end();
    ended.assert_code(0).assert_within(ENDS_WITHIN);
    none_is_left(&ended, || sessions(&server));
    let counted = redis_cli(&server, &["GET", "counted"]);
    ended.assert_stdout(&[&format!("acknowledged {counted}")]);
}

fn frozen(client: &str) -> Option<Ended> {
    let server = REDIS.start()?;
    let mut service = holder(client, "load", &server);
    server.freeze_when_asked();
    let ended = service.signal(Signal::Terminate).end();
    server.thaw();
    none_is_left(&ended, || sessions(&server));
    ended
        .assert_code(1)
        .assert_within(ENDS_WITHIN)
        .assert_stdout(&["beside: closed"]);
    Some(ended)
}

fn gone(client: &str) -> Option<Ended> {
    let mut server = REDIS.start()?;
    let mut service = holder(client, "load", &server);
    server.kill();
    let ended = service
        .after(Duration::from_millis(100))
        .signal(Signal::Terminate)
        .end();
    ended
        .assert_code(1)
        .assert_within(ENDS_WITHIN)
        .assert_stdout(&["beside: closed"]);
    Some(ended)
}

/// All of these at once, each in either way: whoever asks waits in vain.
fn cut_off(clients: &[&str], redis: &[&str]) {
    let Some(server) = REDIS.start() else { return };
    std::thread::scope(|scope| {
        for client in clients {
            let server = &server;
            scope.spawn(move || {
                in_each_way_to_be_cut(|cut| {
                    let network = Network::to(server.port());
                    let mut service = ready(program(client, "load", network.port()));
                    cut(&network);
                    // Until the next question is on its way.
                    let ended = service
                        .after(Duration::from_millis(100))
                        .signal(Signal::Terminate)
                        .end();
                    is_held_up(&ended)
                        .assert_stderr(&["! load"])
                        .assert_stderr(redis);
                });
            });
        }
    });
}

/// In the middle of the close: the server is told this, and its answer does not come.
fn cut_off_in_mid_close(client: &str, farewell: &'static [u8], words: &[&str]) {
    let Some(server) = REDIS.start() else { return };
    in_each_way_to_be_cut(|cut| {
        let network = Network::to(server.port());
        let mut service = ready(program(client, "load", network.port()));
        network.cut_behind(farewell, cut, || {
            service.signal(Signal::Terminate);
        });
        is_held_up(&service.end()).assert_stderr(words);
    });
}

fn is_held_up(ended: &Ended) -> &Ended {
    ended
        .assert_code(1)
        .assert_within(ENDS_WITHIN)
        .assert_stdout(&["beside: closed"])
}

#[cfg(feature = "redis")]
mod connections {
    use super::{
        REDIS, Signal, cut_off, cut_off_in_mid_close, frozen, gone, holder,
        loses_nothing_under_load, none_is_left, redis_cli, sessions,
    };

    const CLIENTS: [&str; 2] = ["redis-multiplexed", "redis-manager"];

    #[test]
    fn a_connection_loses_no_answer_and_leaves_no_session() {
        for client in CLIENTS {
            loses_nothing_under_load(client, 1);
        }
    }

    /// Dropping it waits for nobody, and so has no middle: a server that does not answer costs the field that asks it.
    #[test]
    fn a_frozen_server_holds_up_no_close() {
        for ended in CLIENTS.into_iter().filter_map(frozen) {
            ended.assert_stderr(&["redis", "closed"]);
        }
    }

    #[test]
    fn a_server_that_is_cut_off_holds_up_no_close() {
        cut_off(&CLIENTS, &["redis", "closed"]);
    }

    #[test]
    fn a_server_that_is_gone_is_an_error_of_the_field_that_needs_it() {
        for ended in CLIENTS.into_iter().filter_map(gone) {
            ended
                .assert_stderr(&["! load"])
                .assert_stderr(&["redis", "closed"]);
        }
    }

    /// What the server had sent before the channel was left is read; what it says the subscriber had, it had.
    #[test]
    fn a_subscriber_leaves_its_channel_and_reads_what_it_was_sent() {
        let Some(server) = REDIS.start() else { return };
        let mut service = holder("redis-subscriber", "load", &server);
        let mut delivered: u32 = 0;
        let mut publish = || {
            let to = redis_cli(&server, &["PUBLISH", "news", "a line"]);
            delivered += to.parse::<u32>().unwrap();
        };
        (0..20).for_each(|_| publish());
        service.signal(Signal::Terminate);
        (0..20).for_each(|_| publish());
        let ended = service.end();
        none_is_left(&ended, || sessions(&server));
        ended
            .assert_code(0)
            .assert_stdout(&[&format!("acknowledged {delivered}")]);
    }

    #[test]
    fn a_subscriber_that_is_cut_off_while_it_leaves_its_channel_says_so() {
        cut_off_in_mid_close("redis-subscriber", b"UNSUBSCRIBE", &["! subscriber"]);
    }
}

#[cfg(any(feature = "bb8-redis", feature = "deadpool-redis"))]
mod pools {
    use super::{
        REDIS, Signal, cut_off, frozen, gone, holder, is_held_up, loses_nothing_under_load,
        none_is_left, sessions,
    };

    const CLIENTS: &[&str] = &[
        #[cfg(feature = "bb8-redis")]
        "bb8-redis",
        #[cfg(feature = "deadpool-redis")]
        "deadpool-redis",
    ];

    #[test]
    fn a_pool_loses_no_answer_and_leaves_no_session() {
        for client in CLIENTS {
            loses_nothing_under_load(client, 2);
        }
    }

    #[test]
    fn a_connection_that_never_comes_back_is_named_at_the_limit() {
        let Some(server) = REDIS.start() else { return };
        for client in CLIENTS {
            let mut service = holder(client, "leak", &server);
            let ended = service.signal(Signal::Terminate).end();
            none_is_left(&ended, || sessions(&server));
            is_held_up(&ended).assert_stderr(&["redis", "timed out", "connections is in use"]);
        }
    }

    /// Who asks gives its connection back when it gives up: the pool waits for nobody else, but for one that was just being made.
    #[test]
    fn a_frozen_server_holds_up_no_close() {
        for client in CLIENTS {
            if let Some(ended) = frozen(client) {
                let mut lines = ended.stderr.lines().filter(|line| line.contains("redis"));
                let ends = ["closed", "timed out; its last word: 1 of"];
                assert!(
                    lines.any(|line| ends.iter().any(|end| line.contains(end))),
                    "{ended}"
                );
            }
        }
    }

    #[test]
    fn a_server_that_is_cut_off_holds_up_no_close() {
        cut_off(CLIENTS, &["redis", "closed"]);
    }

    #[test]
    fn a_server_that_is_gone_is_an_error_of_the_field_that_needs_it() {
        for client in CLIENTS {
            if let Some(ended) = gone(client) {
                ended
                    .assert_stderr(&["! load"])
                    .assert_stderr(&["redis", "closed"]);
            }
        }
    }
}

#[cfg(feature = "fred")]
mod fred {
    use super::{cut_off, frozen, gone, loses_nothing_under_load};

    #[test]
    fn a_pool_loses_no_answer_and_leaves_no_session() {
        loses_nothing_under_load("fred", 2);
    }

    #[test]
    fn a_frozen_server_costs_the_limit_of_the_pool() {
        if let Some(ended) = frozen("fred") {
            ended
                .assert_stderr(&["load", "timed out"])
                .assert_stderr(&["redis", "timed out"]);
        }
    }

    /// It waits for what was asked before, and not for the answer to its `QUIT`.
    #[test]
    fn a_server_that_is_cut_off_costs_the_limit_of_the_pool() {
        cut_off(&["fred"], &["redis", "timed out"]);
    }

    #[test]
    fn a_server_that_is_gone_ends_on_time() {
        gone("fred");
    }
}

fn redis_cli(server: &Server, words: &[&str]) -> String {
    kit::ask(
        Command::new("redis-cli")
            .args(["-p", &server.port().to_string()])
            .args(words),
    )
}

/// Those of others than who asks, one a line.
pub(crate) fn sessions(server: &Server) -> String {
    let all = redis_cli(server, &["CLIENT", "LIST"]);
    let others = all.lines().filter(|line| !line.contains("cmd=client|list"));
    others.collect::<Vec<_>>().join("\n")
}

#[cfg(feature = "redis-streams")]
pub(crate) fn ask<T: redis::FromRedisValue>(server: &Server, command: &redis::Cmd) -> T {
    let client = redis::Client::open(format!("redis://127.0.0.1:{}", server.port())).unwrap();
    let mut connection = client.get_connection().unwrap();
    command.query(&mut connection).unwrap()
}
