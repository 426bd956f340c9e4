//! Streams of Redis.

use crate::consumers::{Broker, wait_for};
use crate::kit::{Journal, Server, program, ready, soon};
use crate::redis::{ask, sessions};
use crate::servers::redis::REDIS;
use graceful::Signal;
use std::ops::Range;

pub(crate) const BROKER: Broker = Broker {
    recipe: &REDIS,
    client: "redis-streams",
    source: "Redis stream `numbers`:",
    create,
    publish,
    sessions,
};

#[test]
fn a_consumer_loses_nothing_and_does_nothing_twice_in_a_stop_under_load() {
    let Some(server) = BROKER.start() else { return };
    BROKER.loses_nothing_in_a_stop(&server, 0);
}

#[test]
fn what_a_killed_consumer_had_in_hand_comes_again_and_nothing_is_lost() {
    let Some(server) = BROKER.start() else { return };
    // 16 in hand, each with its acknowledgement.
    BROKER.loses_nothing_where_it_is_killed(&server, 16);
}

#[test]
fn a_server_that_freezes_in_mid_close_is_named_and_holds_up_no_other_field() {
    let Some(mut server) = BROKER.start() else {
        return;
    };
    BROKER.names_a_server_that_breaks_in_mid_close(&mut server, |server| server.freeze());
}

#[test]
fn a_server_that_is_gone_in_mid_close_is_named_and_holds_up_no_other_field() {
    let Some(mut server) = BROKER.start() else {
        return;
    };
    BROKER.names_a_server_that_breaks_in_mid_close(&mut server, Server::kill);
}

#[test]
fn a_server_that_is_cut_off_in_mid_close_is_named_and_holds_up_no_other_field() {
    BROKER.names_a_server_that_is_cut_off_in_mid_close(|_| {});
}

/// Its acknowledgement is refused at first. It is in nobody's hand then, so it may be taken over: here by the process that had it.
#[test]
fn what_could_not_be_acknowledged_comes_again_while_its_process_lives() {
    let Some(server) = BROKER.start() else { return };
    may_acknowledge(&server, false);
    publish(&server, 0..1);
    let journal = Journal::new();
    let mut service = ready(
        program(BROKER.client, "consumer", server.port())
            .env("JOURNAL", journal.path())
            .env("CLAIM_AFTER_MS", "300"),
    );
    // That it comes again shows that it was refused.
    wait_for(&journal, 2);
    assert_eq!(pending(&server), 1);
    may_acknowledge(&server, true);
    soon(|| match pending(&server) {
        0 => Ok(()),
        pending => Err(format!("{pending} is pending")),
    });
    let ended = service.signal(Signal::Terminate).end();
    ended
        .assert_code(0)
        .assert_stderr(&["consumer", "closed", "processed 1"]);
}

/// By Redis' own rules of access, of which clients hear an error at once.
fn may_acknowledge(server: &Server, may: bool) {
    let rule = if may { "+xack" } else { "-xack" };
    let mut acl = redis::cmd("ACL");
    acl.arg(&["SETUSER", "default", rule]);
    ask::<()>(server, &acl);
}

/// How many entries have been read and not acknowledged.
fn pending(server: &Server) -> u64 {
    let mut pending = redis::cmd("XPENDING");
    pending.arg(&["numbers", "readers"]);
    let pending: redis::streams::StreamPendingReply = ask(server, &pending);
    pending.count() as u64
}

fn create(server: &Server) {
    let mut create = redis::cmd("XGROUP");
    create.arg(&["CREATE", "numbers", "readers", "0", "MKSTREAM"]);
    ask::<()>(server, &create);
}

fn publish(server: &Server, numbers: Range<u64>) {
    let client = redis::Client::open(format!("redis://127.0.0.1:{}", server.port()));
    let mut connection = client
        .and_then(|client| client.get_connection())
        .expect("it is there");
    let numbers: Vec<_> = numbers.collect();
    for chunk in numbers.chunks(1_000) {
        let mut pipe = redis::pipe();
        for number in chunk {
            pipe.cmd("XADD")
                .arg("numbers")
                .arg("*")
                .arg("number")
                .arg(number)
                .ignore();
        }
        pipe.exec(&mut connection).expect("it is stored");
    }
}

#[test]
fn however_much_it_has_fetched_ahead_it_hands_back_in_time() {
    for ahead in [1, 10_000] {
        BROKER.hands_back_what_it_fetched(ahead);
    }
}
