//! `async-nats`: a consumer and a publisher under load, and a consumer as it is written by hand.

use crate::journal::{CONCURRENCY, Journal, ahead};
use async_nats::jetstream::{self, Context, consumer::PullConsumer};
use graceful_clients::async_nats::JetStreamSource;
use graceful_clients::consumer::Consumer;
use std::process::{ExitCode, Termination as _};

pub(crate) fn run(case: &str) -> ExitCode {
    match case {
        "consumer" => consumer::main().report(),
        "by-hand" => by_hand::main().report(),
        "publisher" | "publisher-without-echo" | "publisher-without-inbox" => {
            publisher::main().report()
        }
        case => panic!("no case {case:?}"),
    }
}

async fn connect() -> graceful::Result<(Context, PullConsumer)> {
    let port = std::env::var("PORT")?;
    let client = async_nats::connect(format!("127.0.0.1:{port}")).await?;
    let jetstream = jetstream::new(client);
    let consumer = jetstream
        .get_consumer_from_stream("readers", "NUMBERS")
        .await?;
    Ok((jetstream, consumer))
}

mod consumer {
    use super::{CONCURRENCY, Consumer, JetStreamSource, Journal, ahead, connect};
    use std::sync::Arc;

    #[derive(graceful::Shutdown)]
    pub(super) struct Service {
        #[shutdown(timeout = "4s")]
        consumer: Consumer,
        #[shutdown(timeout = "1s", with = graceful_clients::async_nats::drain)]
        client: async_nats::Client,
        #[shutdown(timeout = "1s", with = async |(), _cx| {})]
        after: (),
    }

    #[graceful::main(timeout = "8s", report = "always")]
    pub(super) async fn main() -> graceful::Result<Service> {
        let (jetstream, consumer) = connect().await?;
        let source = JetStreamSource::open(&jetstream, consumer, ahead()).await?;
        let journal = Arc::new(Journal::open());
        let consumer =
            Consumer::of(source)
                .concurrency(CONCURRENCY)
                .run("numbers", move |message| {
                    let journal = journal.clone();
                    async move { journal.process(&message.payload).await }
                });
        println!("ready");
        Ok(Service {
            consumer,
            client: jetstream.client(),
            after: (),
        })
    }
}

/// What many programs do: a task for each message, as many as the consumer has in hand, which is acknowledged before that is spawned.
mod by_hand {
    use super::{Journal, connect};
    use futures_util::StreamExt as _;
    use tokio::signal::unix::{SignalKind, signal};

    #[tokio::main]
    pub(super) async fn main() -> graceful::Result {
        let (_jetstream, consumer) = connect().await?;
        let mut messages = consumer.messages().await?;
        let journal = Journal::open();
        let mut terminate = signal(SignalKind::terminate())?;
        println!("ready");
        loop {
            tokio::select! {
                _ = terminate.recv() => return Ok(()),
                Some(message) = messages.next() => {
                    let message = message?;
                    message.ack().await?;
                    journal.spawn(message.payload.to_vec()).await;
                }
            }
        }
    }
}

mod publisher {
    use crate::service::case;
    use async_nats::{Client, ConnectOptions};
    use tokio::task::JoinHandle;

    #[derive(graceful::Shutdown)]
    pub(super) struct Service {
        #[shutdown(timeout = "1s")]
        load: JoinHandle<graceful::Result>,
        #[shutdown(timeout = "2s", with = graceful_clients::async_nats::drain)]
        client: Client,
    }

    #[graceful::main]
    pub(super) async fn main() -> graceful::Result<Service> {
        let port = std::env::var("PORT")?;
        let options = match &*case() {
            "publisher-without-echo" => ConnectOptions::new().no_echo(),
            "publisher-without-inbox" => {
                ConnectOptions::with_user_and_password("publisher".into(), "publisher".into())
            }
            _ => ConnectOptions::new(),
        };
        let client = options.connect(format!("127.0.0.1:{port}")).await?;
        let load = tokio::spawn(load(client.clone()));
        println!("ready");
        Ok(Service { load, client })
    }

    /// Publishes without waiting, and prints how many it has sent.
    async fn load(client: Client) -> graceful::Result {
        let mut sent = 0_u32;
        while !graceful::is_requested() {
            client.publish("numbers", sent.to_string().into()).await?;
            sent += 1;
            tokio::task::yield_now().await;
        }
        println!("sent {sent}");
        Ok(())
    }
}
