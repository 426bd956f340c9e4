//! `bb8` with `bb8-postgres`.

use crate::service::{Beside, case, load, port, ready};
use bb8_postgres::PostgresConnectionManager;
use bb8_postgres::bb8::Pool;
use graceful::Result;
use tokio::task::JoinHandle;
use tokio_postgres::NoTls;

type Manager = PostgresConnectionManager<NoTls>;

#[derive(graceful::Shutdown)]
pub(crate) struct Service {
    #[shutdown(timeout = "1s")]
    load: JoinHandle<Result>,
    #[shutdown(timeout = "2s", with = graceful_clients::bb8::close)]
    db: Pool<Manager>,
    #[shutdown(timeout = "500ms")]
    beside: Beside,
}

#[graceful::main]
pub(crate) async fn main() -> Result<Service> {
    // So the server notices that its client is gone, in the middle of a statement too.
    let check = "-c client_connection_check_interval=200ms";
    let to = format!(
        "host=127.0.0.1 port={} user=postgres options='{check}'",
        port()
    );
    let manager = PostgresConnectionManager::new_from_stringlike(to, NoTls)?;
    let db = Pool::builder().max_size(5).build(manager).await?;
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

async fn insert(pool: Pool<Manager>) -> Result {
    let client = pool.get().await?;
    client
        .execute("INSERT INTO written DEFAULT VALUES", &[])
        .await?;
    Ok(())
}

async fn long(pool: Pool<Manager>) -> Result {
    let client = pool.get().await?;
    ready();
    client.execute("SELECT pg_sleep(60)", &[]).await?;
    Ok(())
}

async fn leak(pool: Pool<Manager>) -> Result {
    let client = pool.get().await?;
    client
        .batch_execute("BEGIN; INSERT INTO written DEFAULT VALUES")
        .await?;
    std::mem::forget(client);
    ready();
    Ok(())
}
