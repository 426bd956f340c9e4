//! `lapin`: a consumer under load, and one as it is written by hand.

use crate::journal::{CONCURRENCY, Journal};
use graceful_clients::consumer::Consumer;
use graceful_clients::lapin::RabbitSource;
use lapin::{Connection, ConnectionProperties};
use std::process::{ExitCode, Termination as _};

pub(crate) fn run(case: &str) -> ExitCode {
    match case {
        "consumer" => consumer::main().report(),
        "by-hand" => by_hand::main().report(),
        case => panic!("no case {case:?}"),
    }
}

async fn connect() -> lapin::Result<Connection> {
    let port = std::env::var("PORT").expect("PORT");
    let address = format!("amqp://127.0.0.1:{port}/%2f");
    Connection::connect(&address, ConnectionProperties::default()).await
}

mod consumer {
    use super::{CONCURRENCY, Connection, Consumer, Journal, RabbitSource, connect};
    use std::sync::Arc;

    #[derive(graceful::Shutdown)]
    pub(super) struct Service {
        #[shutdown(timeout = "4s")]
        consumer: Consumer,
        #[shutdown(timeout = "1s", with = graceful_clients::lapin::close)]
        connection: Connection,
        #[shutdown(timeout = "1s", with = async |(), _cx| {})]
        after: (),
    }

    #[graceful::main(timeout = "8s", report = "always")]
    pub(super) async fn main() -> lapin::Result<Service> {
        let connection = connect().await?;
        let source = RabbitSource::open(&connection, "numbers", 64).await?;
        let journal = Arc::new(Journal::open());
        let consumer =
            Consumer::of(source)
                .concurrency(CONCURRENCY)
                .run("numbers", move |message| {
                    let journal = journal.clone();
                    async move { journal.process(&message.data).await }
                });
        println!("ready");
        Ok(Service {
            consumer,
            connection,
            after: (),
        })
    }
}

/// What many programs do: a task for each message, as many as the consumer has in hand, which is acknowledged before that is spawned.
mod by_hand {
    use super::{Journal, connect};
    use futures_util::StreamExt as _;
    use lapin::options::{BasicAckOptions, BasicConsumeOptions};
    use lapin::types::FieldTable;
    use tokio::signal::unix::{SignalKind, signal};

    #[tokio::main]
    pub(super) async fn main() -> lapin::Result<()> {
        let connection = connect().await?;
        let channel = connection.create_channel().await?;
        let consume = channel.basic_consume(
            "numbers".into(),
            "".into(),
            BasicConsumeOptions::default(),
            FieldTable::default(),
        );
        let mut messages = consume.await?;
        let journal = Journal::open();
        let mut terminate = signal(SignalKind::terminate()).expect("a handler");
        println!("ready");
        loop {
            tokio::select! {
                _ = terminate.recv() => return Ok(()),
                Some(message) = messages.next() => {
                    let message = message?;
                    message.ack(BasicAckOptions::default()).await?;
                    journal.spawn(message.data).await;
                }
            }
        }
    }
}
