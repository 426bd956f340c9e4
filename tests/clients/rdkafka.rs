//! `rdkafka`, against a broker that speaks Kafka's protocol.

use crate::consumers::{Broker, PATIENCE, block_on, kill, wait_for};
use crate::kit::{
    Journal, Network, Server, connections, in_each_way_to_be_cut, none_is_left, program, ready,
    says_in_time,
};
use crate::servers::kafka::KAFKA;
use graceful::Signal;
use graceful::testing::Ended;
use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, TopicReplication};
use rdkafka::client::DefaultClientContext;
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::producer::{BaseRecord, DefaultProducerContext, Producer as _, ThreadedProducer};
use rdkafka::{ClientConfig, Message as _, Offset, TopicPartitionList};
use std::ops::Range;
use std::time::Duration;

pub(crate) const BROKER: Broker = Broker {
    recipe: &KAFKA,
    client: "rdkafka",
    source: "Kafka topic `numbers`: close:",
    create,
    publish,
    // Tansu does not list the members of a group.
    sessions: |server| connections(server.port()),
};

#[test]
fn a_consumer_loses_nothing_and_does_nothing_twice_in_a_stop_under_load() {
    let Some(server) = BROKER.start() else { return };
    BROKER.loses_nothing_in_a_stop(&server, 0);
}

#[test]
fn what_a_killed_consumer_had_not_committed_comes_again_and_nothing_is_lost() {
    let Some(server) = BROKER.start() else { return };
    BROKER.loses_nothing_where_it_is_killed(&server, 3_000);
}

#[test]
fn a_broker_that_freezes_in_mid_close_is_named_and_holds_up_no_other_field() {
    let Some(mut server) = BROKER.start() else {
        return;
    };
    BROKER
        .names_a_server_that_breaks_in_mid_close(&mut server, |server| server.freeze())
        .assert_stderr(&["no answer within the limit"]);
}

#[test]
fn a_broker_that_is_gone_in_mid_close_is_named_and_holds_up_no_other_field() {
    let Some(mut server) = BROKER.start() else {
        return;
    };
    BROKER.names_a_server_that_breaks_in_mid_close(&mut server, Server::kill);
}

#[test]
fn a_broker_that_is_cut_off_in_mid_close_is_named_and_holds_up_no_other_field() {
    BROKER.names_a_server_that_is_cut_off_in_mid_close(|ended| {
        ended.assert_stderr(&["no answer within the limit"]);
    });
}

#[test]
fn a_consumer_whose_messages_take_longer_than_the_poll_interval_stays_in_its_group() {
    let Some(server) = BROKER.start() else { return };
    let journal = Journal::new();
    publish(&server, 0..32);
    // Twice: 16 are in hand at a time.
    let mut service = BROKER.consumer(&server, &journal, 9_000);
    wait_for(&journal, 32);
    let ended = service.signal(Signal::Terminate).end();
    ended
        .assert_code(0)
        .assert_stderr(&["processed 32, handed back 0, unknown 0"]);
    assert_eq!(journal.books().duplicates(), 0);
}

/// Tansu itself may give nobody any partition from then on: so what is left is read past the group.
#[test]
fn a_consumer_that_leaves_while_another_one_joins_commits_nothing_that_is_not_processed() {
    std::thread::scope(|scope| {
        // The first hears of the other one with its next heartbeat, after half a second.
        for moment in [0, 300, 600, 1_500, 4_000] {
            scope.spawn(move || {
                let Some(server) = BROKER.start() else { return };
                let journal = Journal::new();
                publish(&server, 0..10_000);
                let mut leaves = BROKER.consumer(&server, &journal, 10);
                wait_for(&journal, 300);
                let mut joins = BROKER.consumer(&server, &journal, 10);
                leaves.after(Duration::from_millis(moment));
                let left = leaves.signal(Signal::Terminate).end();
                left.assert_within(Duration::from_secs(8))
                    .assert_stderr(&["after", "closed"]);
                kill(&mut joins);
                let mut books = journal.books();
                let committed = books.lost(10_000);
                assert_ne!(committed, 0, "all was processed before it left");
                for number in not_committed(&server) {
                    books.add(number);
                }
                assert_eq!(books.lost(10_000), 0, "{left}");
            });
        }
    });
}

/// What comes next in each partition, as the group has committed it.
fn not_committed(server: &Server) -> Vec<u64> {
    let mut config = config(server);
    config.set("group.id", "readers");
    config.set("enable.auto.commit", "false");
    let reader: BaseConsumer = config.create().expect("a client");
    let mut partitions = TopicPartitionList::new();
    for partition in 0..4 {
        partitions.add_partition("numbers", partition);
    }
    let committed = reader
        .committed_offsets(partitions, PATIENCE)
        .expect("an answer");
    for mut partition in committed.elements_for_topic("numbers") {
        if partition.offset() == Offset::Invalid {
            partition.set_offset(Offset::Beginning).expect("an offset");
        }
    }
    let texts = texts_from(&reader, &committed).into_iter();
    texts.map(|text| text.parse().expect("a number")).collect()
}

/// What stands from there on: when nothing more comes for so long, that was all.
fn texts_from(reader: &BaseConsumer, offsets: &TopicPartitionList) -> Vec<String> {
    reader.assign(offsets).expect("they are there");
    let messages = std::iter::from_fn(|| reader.poll(Duration::from_secs(2)));
    let texts = messages.map(|message| {
        let message = message.expect("a message");
        let text = message.payload_view::<str>().expect("it has one");
        text.expect("text").to_owned()
    });
    texts.collect()
}

#[test]
fn a_producer_sends_all_that_it_has_accepted() {
    let Some(server) = BROKER.start() else { return };
    let mut service = program("rdkafka", "producer", server.port()).start();
    service.wait_for_line("ready");
    let ended = service
        .after(Duration::from_millis(700))
        .signal(Signal::Terminate)
        .end();
    ended.assert_code(0).assert_within(Duration::from_secs(5));
    none_is_left(&ended, || connections(server.port()));
    ended.assert_stdout(&[&format!("sent {}", stored(&server))]);
}

#[test]
fn what_a_producer_could_not_send_is_counted() {
    let Some(server) = BROKER.start() else { return };
    let mut service = program("rdkafka", "producer", server.port()).start();
    service.wait_for_line("ready");
    service.after(Duration::from_millis(200));
    server.freeze();
    let ended = service.signal(Signal::Terminate).end();
    ended
        .assert_code(1)
        .assert_within(Duration::from_secs(8))
        .assert_stderr(&["after", "closed"]);
    are_unsent(&ended);
}

#[test]
fn what_a_producer_that_is_cut_off_in_mid_close_could_not_send_is_counted() {
    in_each_way_to_be_cut(|cut| {
        let network = Network::new();
        let Some(server) = KAFKA.start_behind(&network) else {
            return;
        };
        create(&server);
        let mut service = ready(program("rdkafka", "producer", network.port()));
        service.after(Duration::from_millis(200));
        // That message is sent at the signal, and waits for the flush.
        network.cut_behind(b"the last one", cut, || {
            service.signal(Signal::Terminate);
        });
        let ended = service.end();
        ended
            .assert_code(1)
            .assert_within(Duration::from_secs(8))
            .assert_stderr(&["after", "closed"]);
        are_unsent(&ended);
    });
}

/// One, or many: the flush may have come to the last one.
fn are_unsent(ended: &Ended) {
    says_in_time(ended, "producer", &["not sent"], "");
}

/// For whoever is on call: in the metrics and in the record.
#[test]
fn what_a_producer_could_not_send_is_measured() {
    let folder = tempfile::tempdir().expect("a folder");
    let record = folder.path().join("stops.json");
    // Its broker is its own.
    let mut service = ready(program("rdkafka", "unsent", 0).env("GRACEFUL_REPORT_FILE", &record));
    let ended = service.signal(Signal::Terminate).end();
    ended
        .assert_code(1)
        .assert_stdout(&[r#"bills_shutdown_left{component="producer"} 7"#]);
    let record = std::fs::read_to_string(record).expect("there is one");
    // Its error, or on a busy machine its last word.
    for words in [r#""7 messages are not sent""#, r#""in_flight":7"#] {
        assert!(record.contains(words), "{record}");
    }
}

fn config(server: &Server) -> ClientConfig {
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", format!("127.0.0.1:{}", server.port()));
    config
}

/// The topic, with four partitions.
fn create(server: &Server) {
    let admin: AdminClient<DefaultClientContext> = config(server).create().expect("a client");
    let topic = NewTopic::new("numbers", 4, TopicReplication::Fixed(1));
    let created = block_on(admin.create_topics([&topic], &AdminOptions::new()));
    created.expect("an answer")[0].as_ref().expect("a topic");
}

fn publish(server: &Server, numbers: Range<u64>) {
    let producer: ThreadedProducer<DefaultProducerContext> = config(server)
        .set("queue.buffering.max.messages", "2000000")
        .create()
        .expect("a producer");
    for number in numbers {
        let payload = number.to_string();
        let record = BaseRecord::<(), _>::to("numbers").payload(&payload);
        let sent = producer.send(record).map_err(|(error, _)| error);
        sent.expect("room");
    }
    producer.flush(PATIENCE).expect("it is sent");
}

/// How many messages the topic has: they are read, since Tansu's watermarks count batches.
fn stored(server: &Server) -> usize {
    let mut config = config(server);
    config.set("group.id", "counts");
    let reader: BaseConsumer = config.create().expect("a client");
    let mut partitions = TopicPartitionList::new();
    for partition in 0..4 {
        partitions
            .add_partition_offset("numbers", partition, Offset::Beginning)
            .expect("an offset");
    }
    texts_from(&reader, &partitions).len()
}
