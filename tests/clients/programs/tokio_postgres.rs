//! `tokio-postgres`: one client, which tasks share.

use crate::service::{Beside, case, load, port, ready};
use graceful::Result;
use std::sync::Arc;
use tokio::task::JoinHandle;
use tokio_postgres::{Client, Error, NoTls};

#[derive(graceful::Shutdown)]
pub(crate) struct Service {
    #[shutdown(timeout = "1s")]
    load: JoinHandle<Result>,
    #[shutdown(timeout = "4s", with = graceful_clients::tokio_postgres::close)]
    db: (Arc<Client>, JoinHandle<std::result::Result<(), Error>>),
    #[shutdown(timeout = "500ms")]
    beside: Beside,
}

#[graceful::main]
pub(crate) async fn main() -> Result<Service> {
    let to = format!("host=127.0.0.1 port={} user=postgres", port());
    let (client, connection) = tokio_postgres::connect(&to, NoTls).await?;
    let client = Arc::new(client);
    let shared = client.clone();
    let load = match &*case() {
        "load" => load(move || insert(shared.clone())),
        "long" => tokio::spawn(long(shared)),
        "leak" => tokio::spawn(leak(shared)),
        case => panic!("no case {case:?}"),
    };
    Ok(Service {
        load,
        db: (client, tokio::spawn(connection)),
        beside: Beside,
    })
}

async fn insert(db: Arc<Client>) -> Result {
    db.execute("INSERT INTO written DEFAULT VALUES", &[])
        .await?;
    Ok(())
}

async fn long(db: Arc<Client>) -> Result {
    ready();
    db.execute("SELECT pg_sleep(60)", &[]).await?;
    Ok(())
}

async fn leak(db: Arc<Client>) -> Result {
    db.batch_execute("BEGIN; INSERT INTO written DEFAULT VALUES")
        .await?;
    std::mem::forget(db);
    ready();
    Ok(())
}
