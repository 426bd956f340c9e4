//! `async-nats`: `JetStream`, and a client that is drained.

use crate::consumers::{Broker, block_on};
use crate::kit::{
    Network, Server, in_each_way_to_be_cut, none_is_left, program, ready, says_in_time, soon,
};
use crate::servers::nats::{NATS, NATS_OF_DEBIAN, sessions};
use async_nats::jetstream::consumer::pull;
use async_nats::jetstream::{self, Context, stream};
use graceful::Signal;
use graceful::testing::Ended;
use std::ops::Range;
use std::time::Duration;

pub(crate) const BROKER: Broker = Broker {
    recipe: &NATS,
    client: "async-nats",
    source: "NATS consumer `readers` of `NUMBERS`:",
    create,
    publish,
    sessions,
};

/// How long the server holds back what nobody has acknowledged or handed back.
const ACK_WAIT: Duration = Duration::from_secs(12);

#[test]
fn a_consumer_loses_nothing_in_a_stop_under_load() {
    let Some(server) = BROKER.start() else { return };
    let all_came = BROKER.loses_nothing_in_a_stop(&server, 0);
    assert!(all_came < ACK_WAIT, "some were held back: {all_came:?}");
}

/// Before 2.10.14 the server sends a message twice now and then, where it is to send another again and nobody has asked for any.
#[test]
fn a_consumer_of_an_older_server_loses_nothing_either() {
    let of_debian = Broker {
        recipe: &NATS_OF_DEBIAN,
        ..BROKER
    };
    let Some(server) = of_debian.start() else {
        return;
    };
    // What was fetched ahead.
    of_debian.loses_nothing_in_a_stop(&server, 64);
}

#[test]
fn what_a_killed_consumer_had_in_hand_comes_again_and_nothing_is_lost() {
    let Some(server) = BROKER.start() else { return };
    // 16 in hand, and acknowledgements that were on their way.
    BROKER.loses_nothing_where_it_is_killed(&server, 64);
}

#[test]
fn a_server_that_freezes_in_mid_close_is_named_and_holds_up_no_other_field() {
    let Some(mut server) = BROKER.start() else {
        return;
    };
    is_unanswered(
        &BROKER.names_a_server_that_breaks_in_mid_close(&mut server, |server| server.freeze()),
    );
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
    BROKER.names_a_server_that_is_cut_off_in_mid_close(is_unanswered);
}

fn is_unanswered(ended: &Ended) {
    let error = "an answer of the NATS server did not come";
    says_in_time(ended, "client", &[error], "waiting for");
}

#[test]
fn a_client_is_drained_when_the_server_has_all_that_was_published() {
    is_drained("publisher");
}

/// It does not get what it has published itself.
#[test]
fn so_is_one_that_has_no_echo() {
    is_drained("publisher-without-echo");
}

/// Nothing shows it that the server has all, so it says that; and it is drained all the same.
#[test]
fn so_is_one_that_may_not_publish_to_its_inbox_though_it_can_not_know_what_has_arrived() {
    is_drained_with("publisher-without-inbox", |ended| {
        let error = [
            "an answer of the NATS server did not come",
            "let its user publish to its own inbox",
        ];
        says_in_time(ended.assert_code(1), "client", &error, "waiting for");
    });
}

fn is_drained(case: &str) {
    is_drained_with(case, |ended| {
        ended.assert_code(0);
    });
}

fn is_drained_with(case: &str, check: fn(&Ended)) {
    let Some(server) = BROKER.start() else { return };
    let mut service = ready(program("async-nats", case, server.port()));
    let ended = service
        .after(Duration::from_millis(300))
        .signal(Signal::Terminate)
        .end();
    check(&ended);
    ended.assert_within(Duration::from_secs(5));
    none_is_left(&ended, || sessions(&server));
    // What the server has, its stream stores a moment later.
    soon(|| {
        let stored = format!("sent {}\n", stored(&server));
        let is_told = ended.stdout.contains(&stored);
        is_told.then_some(()).ok_or(format!("{stored}{ended}"))
    });
}

fn stored(server: &Server) -> u64 {
    block_on(async {
        let jetstream = connect(server).await;
        let mut stream = jetstream.get_stream("NUMBERS").await.expect("it is there");
        stream.info().await.expect("an answer").state.messages
    })
}

#[test]
fn a_client_that_is_cut_off_in_mid_close_says_so_before_its_limit() {
    let Some(server) = BROKER.start() else { return };
    in_each_way_to_be_cut(|cut| {
        let network = Network::to(server.port());
        let mut service = ready(program("async-nats", "publisher", network.port()));
        // The subscription to the inbox, to which the client writes behind all that it has published.
        network.cut_behind(b"SUB _INBOX", cut, || {
            service.signal(Signal::Terminate);
        });
        let ended = service.end();
        ended.assert_code(1).assert_within(Duration::from_secs(8));
        is_unanswered(&ended);
    });
}

async fn connect(server: &Server) -> Context {
    let address = format!("127.0.0.1:{}", server.port());
    let client = async_nats::connect(address).await;
    jetstream::new(client.expect("it is there"))
}

fn create(server: &Server) {
    block_on(async {
        let jetstream = connect(server).await;
        let stream = stream::Config {
            name: "NUMBERS".to_owned(),
            subjects: vec!["numbers".to_owned()],
            ..stream::Config::default()
        };
        let stream = jetstream.create_stream(stream).await.expect("a stream");
        let readers = pull::Config {
            durable_name: Some("readers".to_owned()),
            ack_wait: ACK_WAIT,
            // More than any consumer here fetches ahead.
            max_ack_pending: 20_000,
            ..pull::Config::default()
        };
        stream.create_consumer(readers).await.expect("a consumer");
    });
}

fn publish(server: &Server, numbers: Range<u64>) {
    block_on(async {
        let jetstream = connect(server).await;
        let mut last = None;
        for number in numbers {
            let sent = jetstream
                .publish("numbers", number.to_string().into())
                .await;
            let sent = sent.expect("it is sent");
            // Each answer is awaited after the next is sent.
            if let Some(before) = last.replace(sent) {
                before.await.expect("it is stored");
            }
        }
        last.expect("there is one").await.expect("it is stored");
    });
}

#[test]
fn however_much_it_has_fetched_ahead_it_hands_back_in_time() {
    for ahead in [1, 10_000] {
        BROKER.hands_back_what_it_fetched(ahead);
    }
}
