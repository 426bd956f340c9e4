//! An order service on HTTP and `SQLite` that stops well: requests are answered, the work behind
//! them is finished, then the database is closed. Probes are answered to the end.
//!
//! `PORT=3000 DATABASE=orders.db cargo run --features health,http --example service`, then
//! `curl -d '{"item":"tea"}' -H 'content-type: application/json' localhost:3000/orders` and
//! `curl localhost:9990/healthz`, then Ctrl-C or `kill -TERM`: a line for each close, the timeline,
//! and exit code 0.

use anyhow::Context as _;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use graceful::Tracker;
use graceful::health::{Check, Health};
use graceful::http::{Builder, Server};
use serde::{Deserialize, Serialize};
use sqlx::SqlitePool;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use std::env;
use std::time::Duration;

#[derive(graceful::Shutdown)]
struct App {
    #[shutdown(timeout = "10s")] // first: accept no more, answer what has been asked
    http: Server,
    #[shutdown(timeout = "5s")] // then: finish what those requests began
    confirmations: Tracker,
    #[shutdown(timeout = "3s", method = close)] // only then: what both of them use
    db: SqlitePool,
    #[shutdown(timeout = "1s")] // last: the probes
    admin: Server,
}

#[graceful::main(timeout = "20s", report = "always")]
async fn main() -> anyhow::Result<App> {
    tracing_subscriber::fmt().init();
    let file = env::var("DATABASE").unwrap_or_else(|_| "orders.db".to_owned());
    let db = open(&file).await.context(file)?;
    let confirmations = Tracker::new();
    // Those that a process which was killed could not finish.
    let left = sqlx::query_as("SELECT id FROM orders WHERE NOT confirmed");
    for (id,) in left.fetch_all(&db).await? {
        confirmations.spawn(confirm(db.clone(), id))?;
    }
    let routes = Router::new()
        .route("/orders", post(create).get(list))
        .route("/orders/{id}", get(one))
        .with_state((db.clone(), confirmations.clone()));
    let pool = db.clone();
    let answers = Check::new("db", move || ping(pool.clone()));
    let admin = listen("ADMIN_PORT", 9990).await?;
    let admin = admin
        .name("admin")
        .serve(Health::new().check(answers).router());
    let http = listen("PORT", 3000).await?.serve(routes);
    println!("listening on http://{}", http.local_addr()?);
    println!("probes on http://{}", admin.local_addr()?);
    Ok(App {
        http,
        confirmations,
        db,
        admin,
    })
}

/// Listens on the port that a variable names, or on the usual one.
async fn listen(variable: &str, usual: u16) -> anyhow::Result<Builder> {
    let port = env::var(variable).unwrap_or_else(|_| usual.to_string());
    let bad = || format!("{variable}={port}");
    let port: u16 = port.parse().with_context(bad)?;
    Server::bind(("127.0.0.1", port)).await.with_context(bad)
}

async fn ping(db: SqlitePool) -> sqlx::Result<()> {
    sqlx::query("SELECT 1").execute(&db).await?;
    Ok(())
}

async fn open(file: &str) -> sqlx::Result<SqlitePool> {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full); // on the disk before it returns: a 201 is a promise
    // SQLite has one writer: a queue for one connection is fairer than several that retry.
    let pool = SqlitePoolOptions::new().max_connections(1);
    let db = pool.connect_with(options).await?;
    let schema = "CREATE TABLE IF NOT EXISTS orders \
        (id INTEGER PRIMARY KEY, item TEXT NOT NULL, confirmed BOOL NOT NULL DEFAULT FALSE)";
    sqlx::query(schema).execute(&db).await?;
    Ok(db)
}

type Shared = State<(SqlitePool, Tracker)>;

#[derive(Deserialize)]
struct NewOrder {
    item: String,
}

#[derive(Serialize)]
struct Order {
    id: i64,
    item: String,
    confirmed: bool,
}

async fn create(
    State((db, confirmations)): Shared,
    Json(NewOrder { item }): Json<NewOrder>,
) -> Result<(StatusCode, Json<Order>), StatusCode> {
    let insert = sqlx::query("INSERT INTO orders (item) VALUES (?)").bind(&item);
    let inserted = insert.execute(&db).await.map_err(|error| failed(&error))?;
    let (id, confirmed) = (inserted.last_insert_rowid(), false);
    // Refused only where this request itself was cut; then it is confirmed after the next start.
    let _ = confirmations.spawn(confirm(db, id));
    Ok((StatusCode::CREATED, order((id, item, confirmed))))
}

async fn confirm(db: SqlitePool, id: i64) {
    tokio::time::sleep(Duration::from_millis(200)).await; // stands for a mail to the customer
    let update = sqlx::query("UPDATE orders SET confirmed = TRUE WHERE id = ?").bind(id);
    if let Err(error) = update.execute(&db).await {
        failed(&error);
    }
}

async fn list(State((db, _)): Shared) -> Result<Json<Vec<Order>>, StatusCode> {
    let select = sqlx::query_as("SELECT id, item, confirmed FROM orders").fetch_all(&db);
    let rows = select.await.map_err(|error| failed(&error))?;
    Ok(Json(rows.into_iter().map(|row| order(row).0).collect()))
}

async fn one(State((db, _)): Shared, Path(id): Path<i64>) -> Result<Json<Order>, StatusCode> {
    let select = sqlx::query_as("SELECT id, item, confirmed FROM orders WHERE id = ?").bind(id);
    let row = select.fetch_optional(&db).await;
    row.map_err(|error| failed(&error))?
        .map(order)
        .ok_or(StatusCode::NOT_FOUND)
}

fn order((id, item, confirmed): (i64, String, bool)) -> Json<Order> {
    Json(Order {
        id,
        item,
        confirmed,
    })
}

fn failed(error: &sqlx::Error) -> StatusCode {
    tracing::error!(%error, "the database");
    StatusCode::INTERNAL_SERVER_ERROR
}
