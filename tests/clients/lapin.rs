//! `lapin`: a queue of `RabbitMQ`.

use crate::consumers::{Broker, block_on};
use crate::kit::{Network, Server, in_each_way_to_be_cut, says_in_time};
use crate::servers::rabbitmq::{RABBITMQ, sessions};
use graceful::testing::Ended;
use lapin::options::{BasicPublishOptions, ConfirmSelectOptions, QueueDeclareOptions};
use lapin::types::FieldTable;
use lapin::{BasicProperties, Channel, Connection, ConnectionProperties};
use std::ops::Range;

pub(crate) const BROKER: Broker = Broker {
    recipe: &RABBITMQ,
    client: "lapin",
    source: "RabbitMQ queue `numbers`:",
    create,
    publish,
    sessions,
};

/// In one test: the server takes some ten seconds to start.
#[test]
fn a_consumer_loses_nothing_and_a_broker_that_breaks_in_mid_close_is_named() {
    let Some(mut server) = BROKER.start() else {
        return;
    };
    BROKER.loses_nothing_in_a_stop(&server, 0);
    // 16 in hand, and acknowledgements that were on their way.
    BROKER.loses_nothing_where_it_is_killed(&server, 64);
    let is_unanswered = |ended: &Ended| {
        let error = "an answer of RabbitMQ did not come";
        says_in_time(ended, "connection", &[error], "waiting for");
    };
    publish(&server, 0..600);
    in_each_way_to_be_cut(|cut| {
        let network = Network::to(server.port());
        is_unanswered(&BROKER.names_what_breaks_in_mid_close(network.port(), || cut(&network)));
    });
    is_unanswered(
        &BROKER.names_a_server_that_breaks_in_mid_close(&mut server, |server| server.freeze()),
    );
    server.thaw();
    BROKER.names_a_server_that_breaks_in_mid_close(&mut server, Server::kill);
}

async fn channel(server: &Server) -> (Connection, Channel) {
    let address = format!("amqp://127.0.0.1:{}/%2f", server.port());
    let connection = Connection::connect(&address, ConnectionProperties::default()).await;
    let connection = connection.expect("it is there");
    let channel = connection.create_channel().await.expect("a channel");
    (connection, channel)
}

fn create(server: &Server) {
    block_on(async {
        let (connection, channel) = channel(server).await;
        let queue = channel.queue_declare(
            "numbers".into(),
            QueueDeclareOptions::default(),
            FieldTable::default(),
        );
        queue.await.expect("a queue");
        connection.close(200, "OK".into()).await.expect("it closes");
    });
}

fn publish(server: &Server, numbers: Range<u64>) {
    block_on(async {
        let (connection, channel) = channel(server).await;
        let confirmed = channel.confirm_select(ConfirmSelectOptions::default());
        confirmed.await.expect("it confirms");
        for number in numbers {
            let payload = number.to_string();
            let published = channel.basic_publish(
                "".into(),
                "numbers".into(),
                BasicPublishOptions::default(),
                payload.as_bytes(),
                BasicProperties::default(),
            );
            published.await.expect("it is sent");
        }
        channel.wait_for_confirms().await.expect("it is stored");
        connection.close(200, "OK".into()).await.expect("it closes");
    });
}
