//! `deadpool-postgres`.

use crate::service::{Beside, case, load, port, ready};
use deadpool_postgres::{Config, Pool, PoolConfig, Runtime};
use graceful::Result;
use tokio::task::JoinHandle;
use tokio_postgres::NoTls;

#[derive(graceful::Shutdown)]
pub(crate) struct Service {
    #[shutdown(timeout = "1s")]
    load: JoinHandle<Result>,
    #[shutdown(timeout = "2s", with = graceful_clients::deadpool::close)]
    db: Pool,
    #[shutdown(timeout = "500ms")]
    beside: Beside,
}

#[graceful::main]
pub(crate) async fn main() -> Result<Service> {
    let config = Config {
        host: Some("127.0.0.1".to_owned()),
        port: Some(port()),
        dbname: Some("postgres".to_owned()),
        user: Some("postgres".to_owned()),
        // So the server notices that its client is gone, in the middle of a statement too.
        options: Some("-c client_connection_check_interval=200ms".to_owned()),
        pool: Some(PoolConfig::new(5)),
        ..Config::default()
    };
    let db = config.create_pool(Some(Runtime::Tokio1), NoTls)?;
    let pool = db.clone();
    let load = match &*case() {
        "load" => load(move || insert(pool.clone())),
        "long" => tokio::spawn(long(pool)),
        "leak" => tokio::spawn(leak(pool)),
        case => panic!("no case {case:?}"),
    };
    Ok(Service {
        load,
        db,
        beside: Beside,
    })
}

async fn insert(pool: Pool) -> Result {
    let client = pool.get().await?;
    client
        .execute("INSERT INTO written DEFAULT VALUES", &[])
        .await?;
    Ok(())
}

async fn long(pool: Pool) -> Result {
    let client = pool.get().await?;
    ready();
    client.execute("SELECT pg_sleep(60)", &[]).await?;
    Ok(())
}

async fn leak(pool: Pool) -> Result {
    let client = pool.get().await?;
    client
        .batch_execute("BEGIN; INSERT INTO written DEFAULT VALUES")
        .await?;
    std::mem::forget(client);
    ready();
    Ok(())
}
