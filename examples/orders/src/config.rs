//! What the environment says.

use anyhow::Context as _;
use std::env;
use std::net::SocketAddr;
use std::time::Duration;

pub(crate) struct Config {
    pub(crate) address: SocketAddr,
    pub(crate) admin_address: SocketAddr,
    pub(crate) database: String,
    /// The topic of the broker, or the file that stands for it.
    pub(crate) topic: String,
    /// How long each step of a saga takes: it stands for the call of another service.
    pub(crate) saga_step: Duration,
}

impl Config {
    pub(crate) fn from_env() -> anyhow::Result<Self> {
        let read =
            |name: &str, default: &str| env::var(name).unwrap_or_else(|_| default.to_owned());
        let address = |name: &str, default: &str| {
            let value = read(name, default);
            value.parse().with_context(|| format!("{name}={value}"))
        };
        let step = read("SAGA_STEP_MS", "50");
        let step = step
            .parse()
            .with_context(|| format!("SAGA_STEP_MS={step}"))?;
        Ok(Self {
            address: address("ADDRESS", "127.0.0.1:50051")?,
            admin_address: address("ADMIN_ADDRESS", "127.0.0.1:9990")?,
            database: read("DATABASE", "orders.db"),
            topic: read("TOPIC", "orders.topic"),
            saga_step: Duration::from_millis(step),
        })
    }
}
