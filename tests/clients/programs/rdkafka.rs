//! `rdkafka`: a consumer and a producer under load, and a consumer as it is written by hand.

use crate::journal::Journal;
use graceful_clients::consumer::Consumer;
use graceful_clients::rdkafka::KafkaSource;
use rdkafka::ClientConfig;
use std::process::{ExitCode, Termination as _};

pub(crate) fn run(case: &str) -> ExitCode {
    match case {
        "consumer" => consumer::main().report(),
        "by-hand" => by_hand::main().report(),
        "producer" => producer::main().report(),
        case => panic!("no case {case:?}"),
    }
}

fn config() -> ClientConfig {
    let port = std::env::var("PORT").expect("PORT");
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", format!("127.0.0.1:{port}"));
    config
}

/// Of a member of the group, which is not missed for long where it was killed.
fn group() -> ClientConfig {
    let mut config = config();
    config
        .set("group.id", "readers")
        .set("auto.offset.reset", "earliest")
        .set("session.timeout.ms", "6000")
        // The least that goes with it.
        .set("max.poll.interval.ms", "6000");
    config
}

mod consumer {
    use super::{Consumer, Journal, KafkaSource, group};
    use rdkafka::Message as _;
    use rdkafka::error::KafkaResult;
    use std::sync::Arc;

    #[derive(graceful::Shutdown)]
    pub(super) struct Service {
        #[shutdown(timeout = "4s")]
        consumer: Consumer,
        #[shutdown(timeout = "1s", with = async |(), _cx| {})]
        after: (),
    }

    #[graceful::main(timeout = "8s", report = "always")]
    pub(super) async fn main() -> KafkaResult<Service> {
        let source = KafkaSource::subscribe(&group(), &["numbers"])?;
        let journal = Arc::new(Journal::open());
        let consumer = Consumer::of(source)
            .concurrency(16)
            .run("numbers", move |message| {
                let journal = journal.clone();
                async move { journal.process(message.payload().unwrap_or_default()).await }
            });
        println!("ready");
        Ok(Service {
            consumer,
            after: (),
        })
    }
}

/// What many programs do: a task for each message, and the offset is committed when that is spawned.
mod by_hand {
    use super::{Journal, group};
    use rdkafka::Message as _;
    use rdkafka::consumer::{CommitMode, Consumer as _, StreamConsumer};
    use rdkafka::error::KafkaResult;
    use tokio::signal::unix::{SignalKind, signal};

    #[tokio::main]
    pub(super) async fn main() -> KafkaResult<()> {
        let consumer: StreamConsumer = group().create()?;
        consumer.subscribe(&["numbers"])?;
        let journal = Journal::open();
        let mut terminate = signal(SignalKind::terminate()).expect("a handler");
        println!("ready");
        loop {
            tokio::select! {
                _ = terminate.recv() => return Ok(()),
                message = consumer.recv() => {
                    let message = message?;
                    let number = message.payload().unwrap_or_default().to_vec();
                    let journal = journal.clone();
                    tokio::spawn(async move { journal.process(&number).await });
                    consumer.commit_message(&message, CommitMode::Async)?;
                }
            }
        }
    }
}

mod producer {
    use super::config;
    use rdkafka::producer::{FutureProducer, FutureRecord};
    use tokio::task::JoinHandle;

    #[derive(graceful::Shutdown)]
    pub(super) struct Service {
        #[shutdown(timeout = "1s")]
        load: JoinHandle<()>,
        #[shutdown(timeout = "3s", with = graceful_clients::rdkafka::flush)]
        producer: FutureProducer,
        #[shutdown(timeout = "1s", with = async |(), _cx| {})]
        after: (),
    }

    #[graceful::main(timeout = "8s", report = "always")]
    pub(super) async fn main() -> rdkafka::error::KafkaResult<Service> {
        // Much stays in its queue: what a drop would purge.
        let producer: FutureProducer = config().set("linger.ms", "2000").create()?;
        let load = tokio::spawn(load(producer.clone()));
        println!("ready");
        Ok(Service {
            load,
            producer,
            after: (),
        })
    }

    /// Sends without waiting, and prints how many it has sent.
    async fn load(producer: FutureProducer) {
        let mut sent = 0_u32;
        while !graceful::is_requested() {
            let payload = sent.to_string();
            let record = FutureRecord::<(), _>::to("numbers").payload(&payload);
            if producer.send_result(record).is_ok() {
                sent += 1;
            }
            tokio::time::sleep(std::time::Duration::from_micros(100)).await;
        }
        println!("sent {sent}");
    }
}
