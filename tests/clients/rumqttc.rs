//! `rumqttc`: a connection that is polled to its end.

use crate::kit::{Network, Server, in_each_way_to_be_cut, program, ready, says_in_time};
use crate::servers::mosquitto::MOSQUITTO;
use graceful::Signal;
use rumqttc::{Client, Connection, Event, MqttOptions, Packet, QoS};
use std::collections::HashSet;
use std::time::Duration;

/// Mosquitto counts its clients every second or two.
const COUNTED_WITHIN: Duration = Duration::from_secs(10);

#[test]
fn all_that_was_published_has_arrived_and_no_last_will_is_published() {
    let Some(server) = MOSQUITTO.start() else {
        return;
    };
    let (client, mut connection) = reader(&server);
    let mut service = program("rumqttc", "publisher", server.port()).start();
    service.wait_for_line("ready");
    let ended = service
        .after(Duration::from_millis(300))
        .signal(Signal::Terminate)
        .end();
    ended.assert_code(0).assert_within(Duration::from_secs(5));
    let mut arrived = HashSet::new();
    // Silence is the end of what there is.
    while let Ok(event) = connection.recv_timeout(Duration::from_secs(1)) {
        if let Ok(Event::Incoming(Packet::Publish(message))) = event {
            assert_ne!(message.topic, "will", "it had not taken its leave");
            arrived.insert(message.payload);
        }
    }
    ended.assert_stdout(&[&format!("sent {}", arrived.len())]);
    is_alone(&client, &mut connection);
}

/// By the broker's own count, which it says when it has changed.
fn is_alone(client: &Client, connection: &mut Connection) {
    let count = "$SYS/broker/clients/connected";
    client.subscribe(count, QoS::AtLeastOnce).expect("room");
    let mut last = None;
    while last.as_deref() != Some(&b"1"[..]) {
        let Ok(event) = connection.recv_timeout(COUNTED_WITHIN) else {
            panic!("{last:?} are connected");
        };
        if let Event::Incoming(Packet::Publish(message)) = event.expect("it is there") {
            last = Some(message.payload);
        }
    }
}

#[test]
fn what_a_frozen_broker_has_not_confirmed_is_counted() {
    let Some(server) = MOSQUITTO.start() else {
        return;
    };
    let mut service = program("rumqttc", "publisher", server.port()).start();
    service.wait_for_line("ready");
    service.after(Duration::from_millis(200));
    server.freeze();
    service.after(Duration::from_millis(100));
    let ended = service.signal(Signal::Terminate).end();
    ended
        .assert_code(1)
        .assert_within(Duration::from_secs(8))
        .assert_stderr(&["after", "closed"]);
    says_in_time(&ended, "mqtt", &["not confirmed"], "");
}

#[test]
fn a_broker_that_is_gone_is_an_error_and_holds_up_no_other_field() {
    let Some(mut server) = MOSQUITTO.start() else {
        return;
    };
    let mut service = program("rumqttc", "publisher", server.port()).start();
    service.wait_for_line("ready");
    service.after(Duration::from_millis(200));
    server.kill();
    let ended = service.signal(Signal::Terminate).end();
    ended
        .assert_code(1)
        .assert_within(Duration::from_secs(8))
        .assert_stderr(&["after", "closed"]);
    says_in_time(&ended, "mqtt", &[], "");
}

#[test]
fn a_broker_that_is_cut_off_in_mid_close_is_an_error_and_holds_up_no_other_field() {
    in_each_way_to_be_cut(|cut| {
        let network = Network::new();
        let Some(_server) = MOSQUITTO.start_behind(&network) else {
            return;
        };
        let mut service = ready(program("rumqttc", "publisher", network.port()));
        service.after(Duration::from_millis(200));
        // The topic of the request that goes behind all that was published.
        network.cut_behind(b"graceful/close", cut, || {
            service.signal(Signal::Terminate);
        });
        let ended = service.end();
        ended
            .assert_code(1)
            .assert_within(Duration::from_secs(8))
            .assert_stderr(&["after", "closed"]);
        says_in_time(&ended, "mqtt", &[], "");
    });
}

/// Subscribed to all, from here on.
fn reader(server: &Server) -> (Client, Connection) {
    let options = MqttOptions::new("reader", "127.0.0.1", server.port());
    let (client, mut connection) = Client::new(options, 10);
    client.subscribe("#", QoS::AtLeastOnce).expect("room");
    while let Ok(event) = connection.recv() {
        if let Event::Incoming(Packet::SubAck(_)) = event.expect("it is there") {
            break;
        }
    }
    (client, connection)
}
