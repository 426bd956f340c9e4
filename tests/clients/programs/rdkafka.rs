//! `rdkafka`: a consumer and a producer under load, and a consumer as it is written by hand.

use crate::journal::{CONCURRENCY, Journal};
use graceful_clients::consumer::Consumer;
use graceful_clients::rdkafka::KafkaSource;
use rdkafka::ClientConfig;
use std::process::{ExitCode, Termination as _};

pub(crate) fn run(case: &str) -> ExitCode {
    match case {
        "consumer" => consumer::main().report(),
        "by-hand" => by_hand::main().report(),
        "producer" => producer::main().report(),
        "unsent" => unsent::main().report(),
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
        .set("max.poll.interval.ms", "6000")
        // It hears with it that another one joins.
        .set("heartbeat.interval.ms", "500");
    config
}

mod consumer {
    use super::{CONCURRENCY, Consumer, Journal, KafkaSource, group};
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
        let source = KafkaSource::open(&group(), &["numbers"])?;
        let journal = Arc::new(Journal::open());
        let consumer =
            Consumer::of(source)
                .concurrency(CONCURRENCY)
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

/// What many programs do: a task for each message, as many as the consumer has in hand, and the offset is committed before that is spawned.
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
                    consumer.commit_message(&message, CommitMode::Async)?;
                    journal.spawn(number).await;
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
        let last = FutureRecord::<(), _>::to("numbers").payload("the last one");
        sent += u32::from(producer.send_result(last).is_ok());
        println!("sent {sent}");
    }
}

/// A producer whose broker is down, in a service that is measured.
mod unsent {
    use graceful::metrics::{Installed, LastScrape, Metrics};
    use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
    use rdkafka::ClientConfig;
    use rdkafka::producer::{FutureProducer, FutureRecord, Producer as _};

    #[derive(graceful::Shutdown)]
    pub(super) struct Service {
        #[shutdown(timeout = "1s", with = graceful_clients::rdkafka::flush)]
        producer: FutureProducer,
        #[shutdown(timeout = "1s")]
        last_scrape: LastScrape,
        #[shutdown(timeout = "1s", with = async |page: Page, _cx| page.print())]
        page: Page,
    }

    /// What a scraper is given behind the last scrape.
    struct Page(Installed, PrometheusHandle);

    impl Page {
        fn print(&self) {
            println!("{}", self.0.scrape(|| self.1.render()));
        }
    }

    #[graceful::main]
    pub(super) async fn main() -> graceful::Result<Service> {
        let prometheus = PrometheusBuilder::new().install_recorder()?;
        let metrics = Metrics::new("bills")
            .plan(<Service as graceful::Shutdown>::PLAN)
            .install();
        // A broker inside the process.
        let producer: FutureProducer = ClientConfig::new()
            .set("test.mock.num.brokers", "1")
            .create()?;
        let broker = producer.client().mock_cluster();
        broker.expect("it was asked for").broker_down(1)?;
        for number in 0..7 {
            let payload = number.to_string();
            let record = FutureRecord::<(), _>::to("bills").payload(&payload);
            // Its end is awaited by the flush alone.
            drop(producer.send_result(record).map_err(|(error, _)| error)?);
        }
        println!("ready");
        Ok(Service {
            producer,
            last_scrape: metrics.last_scrape(),
            page: Page(metrics, prometheus),
        })
    }
}
