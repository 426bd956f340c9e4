//! Users over HTTP, and what happens to them over WebSockets: `cargo run -p users`, then Ctrl-C.

mod bus;
mod cache;
mod exports;
mod routes;
mod store;

use anyhow::Context as _;
use bus::Bus;
use cache::Cache;
use graceful::Resource;
use graceful::health::{self, Check, Health};
use graceful::http::Server;
use std::env;
use store::Store;

#[derive(graceful::Shutdown)]
#[shutdown(timeout = "20s")]
struct Users {
    /// Requests are answered, WebSockets are told to go.
    #[shutdown(timeout = "8s")]
    http: Server,
    #[shutdown(timeout = "3s")]
    bus: Resource<Bus>,
    #[shutdown(timeout = "2s")]
    cache: Resource<Cache>,
    #[shutdown(timeout = "3s")]
    store: Resource<Store>,
    #[shutdown(timeout = "1s")]
    admin: Server,
}

#[graceful::main]
async fn main() -> anyhow::Result<Users> {
    let admin_address = variable("ADMIN_ADDRESS", "127.0.0.1:9990");
    if env::args().nth(1).as_deref() == Some("healthcheck") {
        health::ask(admin_address, "/health/live").await?;
        graceful::exit(0).await;
    }
    let (writer, logs) = tracing_appender::non_blocking(std::io::stdout());
    tracing_subscriber::fmt().with_writer(writer).init();
    // Also where the start fails: what that has to say is written.
    graceful::last_word("logs", async move |_cx| drop(logs));
    // Each is closed, in reverse, where something below fails or a signal comes; and with its field, where nothing does.
    let store = Store::connect(&variable("DATABASE", "sqlite://users.db?mode=rwc"))
        .await
        .context("DATABASE")?;
    let store = graceful::resource("store", store, async |store, _cx| store.close().await);
    let cache = Cache::connect().await.context("CACHE")?;
    let cache = graceful::resource("cache", cache, Cache::close);
    let bus = Bus::connect().await.context("BUS")?;
    let bus = graceful::resource("bus", bus, Bus::close);

    let asked = Store::clone(&store);
    let answers = Check::new("database", move || asked.clone().answers());
    let health = Health::new()
        .live_path("/health/live")
        .ready_path("/health/ready")
        .health_path("/health")
        .check(answers);
    let admin = Server::bind(admin_address).await.context("ADMIN_ADDRESS")?;
    let admin = admin.name("admin").serve(health.router());

    let routes = routes::all(Store::clone(&store), Cache::clone(&cache), Bus::clone(&bus));
    let http = Server::bind(variable("ADDRESS", "127.0.0.1:3000"))
        .await
        .context("ADDRESS")?;
    let http = http.serve(routes);
    println!("listening on http://{}", http.local_addr()?);
    println!("probes on http://{}", admin.local_addr()?);
    Ok(Users {
        http,
        bus,
        cache,
        store,
        admin,
    })
}

fn variable(name: &str, default: &str) -> String {
    env::var(name).unwrap_or_else(|_| default.to_owned())
}
