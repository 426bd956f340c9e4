//! Clients of brokers, known by their names.

use graceful::Shutdown;

mod rdkafka {
    pub struct FutureProducer;
    pub struct BaseProducer;
    pub struct ThreadedProducer<C>(C);
    pub struct StreamConsumer;
    pub struct BaseConsumer;
}

mod async_nats {
    pub struct Client;
}

mod lapin {
    pub struct Connection;
}

mod rumqttc {
    pub struct AsyncClient;
}

mod zbus {
    pub struct Connection;
}

use rdkafka::*;

#[derive(Shutdown)]
struct App {
    #[shutdown(drop)]
    marked: String,
    orders: FutureProducer,
    metrics: BaseProducer,
    events: ThreadedProducer<u8>,
    stream: StreamConsumer,
    base: BaseConsumer,
    nats: async_nats::Client,
    rabbit: lapin::Connection,
    mqtt: rumqttc::AsyncClient,
    bus: zbus::Connection,
}

fn main() {}

// errors: 9
