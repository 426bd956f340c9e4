//! Streams of Redis.

use crate::consumers::Broker;
use crate::kit::Server;
use crate::redis::{ask, sessions};
use crate::servers::redis::REDIS;
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
