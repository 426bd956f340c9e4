//! Orders over gRPC, sagas behind them, an outbox to a broker: `cargo run -p orders`, then Ctrl-C.

mod broker;
mod config;
mod outbox;
mod saga;
mod service;
mod store;

use anyhow::Context as _;
use axum::Router;
use axum::routing::get;
use broker::Broker;
use config::Config;
use graceful::Tracker;
use graceful::grpc::{Health as GrpcHealth, Server as GrpcServer};
use graceful::health::{self, Check, Health};
use graceful::http::Server;
use orders::api::orders_server::OrdersServer;
use outbox::Outbox;
use saga::Sagas;
use service::OrdersApi;
use std::env;
use store::Store;
use tracing_appender::non_blocking::WorkerGuard;

#[derive(graceful::Shutdown)]
#[shutdown(timeout = "25s")]
struct Orders {
    /// No call is accepted any more, those in flight are answered. After 5 s the rest is cut.
    #[shutdown(timeout = "5s")]
    grpc: GrpcServer,
    /// What was promised with an answer is carried out. New sagas are refused from here on.
    #[shutdown(timeout = "5s")]
    sagas: Tracker,
    /// What they had to say has reached the broker, or stays in the table for the next start.
    #[shutdown(timeout = "5s", with = Outbox::drain)]
    outbox: Outbox,
    /// Probes and `/metrics` are answered until all that is done.
    #[shutdown(timeout = "1s")]
    admin: Server,
    #[shutdown(timeout = "5s")]
    broker: Broker,
    #[shutdown(timeout = "3s", method = close)]
    store: Store,
    /// After the last word of everything else.
    #[shutdown(last)]
    logs: WorkerGuard,
}

#[graceful::main(timeout = "28s")]
async fn main() -> anyhow::Result<Orders> {
    let config = Config::from_env()?;
    if env::args().nth(1).as_deref() == Some("healthcheck") {
        health::ask(config.admin_address, "/livez").await?;
        graceful::exit(0).await;
    }
    let (writer, logs) = tracing_appender::non_blocking(std::io::stdout());
    tracing_subscriber::fmt().with_writer(writer).init();
    let store = Store::open(&config.database)
        .await
        .context(config.database)?;
    let broker = Broker::connect(&config.topic).await?;
    let outbox = Outbox::start(store.clone(), broker.clone());

    let tracker = Tracker::new();
    let sagas = Sagas::new(
        store.clone(),
        tracker.clone(),
        outbox.changed(),
        config.saga_step,
    );
    sagas.resume().await?;

    let grpc_health = GrpcHealth::new();
    let api = OrdersServer::new(OrdersApi::new(store.clone(), sagas));
    let routes = tonic::service::Routes::new(api).add_service(grpc_health.service());
    let grpc = GrpcServer::bind(config.address)
        .await
        .context("ADDRESS")?
        .serve(routes);

    let (asked, counted) = (store.clone(), store.clone());
    let answers = Check::new("database", move || asked.clone().answers());
    let metrics = get(|| async move {
        let backlog = counted.backlog().await.unwrap_or(-1);
        format!("orders_outbox_backlog {backlog}\n")
    });
    let admin = Server::bind(config.admin_address)
        .await
        .context("ADMIN_ADDRESS")?;
    let routes = Router::new().route("/metrics", metrics);
    let admin = admin
        .name("admin")
        .serve(Health::new().check(answers).router().merge(routes));

    println!("listening on http://{}", grpc.local_addr()?);
    println!("probes on http://{}", admin.local_addr()?);
    Ok(Orders {
        grpc,
        sagas: tracker,
        outbox,
        admin,
        broker,
        store,
        logs,
    })
}
