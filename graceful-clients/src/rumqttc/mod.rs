//! MQTT, through [`rumqttc`](https://docs.rs/rumqttc): a connection that is polled to its end.

mod connection;
mod event_loop;
#[cfg(test)]
mod tests;

pub use connection::{MqttConnection, Unconfirmed};
