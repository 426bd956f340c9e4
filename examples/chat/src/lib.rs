//! A chat over WebSockets. By itself it is the program `chat`; another program may hold it as a part of its own, as
//! `chat-host` does.

pub mod client;
mod history;
mod message;
mod room;
mod socket;

use anyhow::Context as _;
use axum::Router;
use axum::routing::{any, get};
use graceful::Handle;
use graceful::health::{Check, Health};
use graceful::http::Server;
use history::History;
use room::Room;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

/// What a chat is told.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where clients connect. Port 0 is any free one.
    pub address: SocketAddr,
    /// Where probes and `/metrics` are answered.
    pub admin_address: SocketAddr,
    /// The file of the database; it is made, where there is none.
    pub database: PathBuf,
    /// Over how long the clients are sent away, so that they don't all come back in one moment.
    pub close_spread: Duration,
}

impl Config {
    /// From `ADDRESS`, `ADMIN_ADDRESS`, `DATABASE` and `CLOSE_SPREAD_MS`, with a default for each.
    ///
    /// # Errors
    ///
    /// If one of them can't be read; it is named.
    pub fn from_env() -> anyhow::Result<Self> {
        fn read<T>(name: &'static str, default: &str) -> anyhow::Result<T>
        where
            T: std::str::FromStr<Err: std::error::Error + Send + Sync + 'static>,
        {
            let value = std::env::var(name).unwrap_or_else(|_| default.to_owned());
            value.parse().with_context(|| format!("{name}={value}"))
        }
        Ok(Self {
            address: read("ADDRESS", "127.0.0.1:3000")?,
            admin_address: read("ADMIN_ADDRESS", "127.0.0.1:9990")?,
            database: read("DATABASE", "chat.db")?,
            close_spread: Duration::from_millis(read("CLOSE_SPREAD_MS", "1000")?),
        })
    }
}

/// The chat. Its log is not in it: a host has one of its own.
#[derive(Debug, graceful::Shutdown)]
#[shutdown(timeout = "25s")]
pub struct Chat {
    /// New clients are refused, those that are here get close frame 1001, and what they have sent is stored.
    #[shutdown(timeout = "15s")]
    http: Server,
    /// By now everybody has left. Who has not would be named.
    #[shutdown(timeout = "1s", with = Room::close)]
    room: Room,
    #[shutdown(timeout = "3s", method = close)]
    history: History,
    /// The last, so that probes and `/metrics` are answered to the end.
    #[shutdown(timeout = "1s")]
    admin: Server,
}

impl Chat {
    /// Opens the database, and listens.
    ///
    /// # Errors
    ///
    /// If it can't. What was open by then is closed.
    pub async fn start(config: Config, handle: &Handle) -> anyhow::Result<Self> {
        let history = History::open(&config.database).await;
        let history = history.with_context(|| config.database.display().to_string())?;
        let room = Room::new(history.clone(), config.close_spread);

        let asked = history.clone();
        let answers = Check::new("database", move || {
            let asked = asked.clone();
            async move { asked.answers().await }
        });
        let health = Health::new()
            .lifecycle(handle.clone())
            .prefix("/chat")
            .check(answers);
        let counted = room.clone();
        let metrics =
            get(|| async move { format!("chat_connections {}\n", counted.connections()) });
        let admin = Server::bind(config.admin_address)
            .await
            .context("ADMIN_ADDRESS")?;
        let admin = admin.lifecycle(handle.clone()).name("admin");
        let admin = admin.serve(health.router().route("/metrics", metrics));

        let routes = Router::new()
            .route("/chat/ws", any(socket::upgrade))
            .with_state(room.clone());
        let http = Server::bind(config.address).await.context("ADDRESS")?;
        let http = http.lifecycle(handle.clone()).serve(routes);
        Ok(Self {
            http,
            room,
            history,
            admin,
        })
    }

    /// Where clients connect.
    ///
    /// # Errors
    ///
    /// If the system does not know.
    pub fn address(&self) -> std::io::Result<SocketAddr> {
        self.http.local_addr()
    }

    /// Where probes are answered.
    ///
    /// # Errors
    ///
    /// If the system does not know.
    pub fn admin_address(&self) -> std::io::Result<SocketAddr> {
        self.admin.local_addr()
    }
}
