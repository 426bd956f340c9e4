//! `rdkafka`, against a broker that speaks Kafka's protocol.

use crate::kit::{Journal, Server, program};
use crate::servers::kafka::KAFKA;
use graceful::Signal;
use graceful::testing::{Ended, Process};
use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, TopicReplication};
use rdkafka::client::DefaultClientContext;
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::producer::{BaseRecord, DefaultProducerContext, Producer as _, ThreadedProducer};
use rdkafka::{ClientConfig, Offset, TopicPartitionList};
use std::borrow::Borrow;
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(20);

#[test]
fn a_consumer_loses_nothing_over_stops_under_load_and_does_nothing_twice_but_what_was_in_hand() {
    let Some(server) = KAFKA.start() else { return };
    let journal = Journal::new();
    produce(&server, 0..2_000);
    let mut service = consumer(&server, &journal);
    wait_for(&journal, 300);
    let ended = service.signal(Signal::Terminate).end();
    ended
        .assert_code(0)
        .assert_within(Duration::from_secs(5))
        .assert_stderr(&["consumer", "closed", "processed"]);
    let done = journal.len();
    let begun = Instant::now();
    let mut service = consumer(&server, &journal);
    wait_for(&journal, done + 1);
    // One that has not left is missed after 6 s, and its partitions are nobody's until then.
    assert!(
        begun.elapsed() < Duration::from_secs(6),
        "the member had not left"
    );
    wait_for(&journal, 2_000);
    service.signal(Signal::Terminate).end().assert_code(0);
    let books = journal.books();
    assert_eq!(books.lost(2_000), 0);
    assert_eq!(books.duplicates(), 0, "{done} were done at the stop");
}

#[test]
fn what_a_killed_consumer_had_not_committed_comes_again_and_nothing_is_lost() {
    let Some(server) = KAFKA.start() else { return };
    let journal = Journal::new();
    produce(&server, 0..2_000);
    let mut service = consumer(&server, &journal);
    wait_for(&journal, 300);
    kill(&mut service);
    let done = journal.len() as u64;
    let mut service = consumer(&server, &journal);
    let until = Instant::now() + PATIENCE;
    while journal.books().lost(2_000) > 0 {
        assert!(
            Instant::now() < until,
            "{} are lost",
            journal.books().lost(2_000)
        );
        std::thread::sleep(Duration::from_millis(50));
    }
    service.signal(Signal::Terminate).end().assert_code(0);
    assert!(journal.books().duplicates() <= done);
}

#[test]
fn a_broker_that_freezes_in_mid_close_is_named_and_holds_up_no_other_field() {
    let Some(server) = KAFKA.start() else { return };
    let ended = stop_in_mid_close(&server, |server| server.freeze());
    server.thaw();
    ended
        .assert_code(1)
        .assert_within(Duration::from_secs(8))
        .assert_stderr(&[
            "consumer",
            "failed",
            "Kafka topic `numbers`: close: no answer within the limit",
        ])
        .assert_stderr(&["after", "closed"]);
}

#[test]
fn a_broker_that_is_gone_in_mid_close_is_named_and_holds_up_no_other_field() {
    let Some(mut server) = KAFKA.start() else {
        return;
    };
    let ended = stop_in_mid_close(&mut server, |server| server.kill());
    ended
        .assert_code(1)
        .assert_within(Duration::from_secs(8))
        .assert_stderr(&["consumer", "failed", "Kafka topic `numbers`: close:"])
        .assert_stderr(&["after", "closed"]);
}

/// Breaks the server while the last messages are finished.
fn stop_in_mid_close<S: Borrow<Server>>(mut server: S, fault: impl FnOnce(&mut S)) -> Ended {
    let journal = Journal::new();
    produce(server.borrow(), 0..1_000);
    let mut service = program("rdkafka", "consumer", server.borrow().port())
        .env("JOURNAL", journal.path())
        .env("EACH_MS", "600")
        .start();
    wait_for(&journal, 16);
    service.signal(Signal::Terminate);
    service.wait_for_stderr("stopping");
    fault(&mut server);
    service.end()
}

#[test]
fn a_producer_sends_all_that_it_has_accepted() {
    let Some(server) = KAFKA.start() else { return };
    create(&server);
    let mut service = program("rdkafka", "producer", server.port()).start();
    service.wait_for_line("ready");
    let ended = service
        .after(Duration::from_millis(700))
        .signal(Signal::Terminate)
        .end();
    ended.assert_code(0).assert_within(Duration::from_secs(5));
    ended.assert_stdout(&[&format!("sent {}", stored(&server))]);
}

#[test]
fn what_a_producer_could_not_send_is_counted() {
    let Some(server) = KAFKA.start() else { return };
    create(&server);
    let mut service = program("rdkafka", "producer", server.port()).start();
    service.wait_for_line("ready");
    service.after(Duration::from_millis(200));
    server.freeze();
    let ended = service.signal(Signal::Terminate).end();
    server.thaw();
    ended
        .assert_code(1)
        .assert_within(Duration::from_secs(8))
        .assert_stderr(&["producer", "failed", "messages are not sent"])
        .assert_stderr(&["after", "closed"]);
}

fn consumer(server: &Server, journal: &Journal) -> Process {
    let mut consumer = program("rdkafka", "consumer", server.port())
        .env("JOURNAL", journal.path())
        .start();
    consumer.wait_for_line("ready");
    consumer
}

fn wait_for(journal: &Journal, lines: usize) {
    let until = Instant::now() + PATIENCE;
    while journal.len() < lines {
        assert!(Instant::now() < until, "{} of {lines}", journal.len());
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// As the kernel does where memory runs out.
fn kill(service: &mut Process) {
    use rustix::process::{Pid, Signal, kill_process};
    let id = i32::try_from(service.id()).expect("a process id");
    kill_process(Pid::from_raw(id).expect("not zero"), Signal::KILL).expect("it runs");
    service.end();
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
    let created = admin.create_topics([&topic], &AdminOptions::new());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let created = runtime.expect("a runtime").block_on(created);
    created.expect("an answer")[0].as_ref().expect("a topic");
}

fn produce(server: &Server, numbers: std::ops::Range<u64>) {
    create(server);
    let producer: ThreadedProducer<DefaultProducerContext> =
        config(server).create().expect("a producer");
    for number in numbers {
        let payload = number.to_string();
        let record = BaseRecord::<(), _>::to("numbers").payload(&payload);
        producer
            .send(record)
            .map_err(|(error, _)| error)
            .expect("room");
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
    reader.assign(&partitions).expect("they are there");
    let mut stored = 0;
    while let Some(message) = reader.poll(Duration::from_secs(2)) {
        message.expect("a message");
        stored += 1;
    }
    stored
}
