//! `sea-orm` over a pool of `sqlx` that leaves no session behind.

use crate::service::{Beside, case, load, port, ready};
use graceful::Result;
use graceful_clients::sqlx::Pool;
use sea_orm::{
    ConnectionTrait as _, DatabaseConnection, SqlxPostgresConnector, TransactionTrait as _,
};
use sqlx::postgres::{PgPoolOptions, Postgres};
use tokio::task::JoinHandle;

#[derive(graceful::Shutdown)]
pub(crate) struct Service {
    #[shutdown(timeout = "1s")]
    load: JoinHandle<Result>,
    // A clone of it is what `sea-orm` uses.
    #[shutdown(timeout = "4s")]
    db: Pool<Postgres>,
    #[shutdown(timeout = "500ms")]
    beside: Beside,
}

#[graceful::main]
pub(crate) async fn main() -> Result<Service> {
    let to = format!("postgres://postgres@127.0.0.1:{}/postgres", port());
    let options = PgPoolOptions::new().max_connections(5);
    let db = Pool::connect(options, to.parse()?).await?;
    let orm = SqlxPostgresConnector::from_sqlx_postgres_pool(sqlx::Pool::clone(&db));
    let load = match &*case() {
        "load" => load(move || insert(orm.clone())),
        "long" => tokio::spawn(long(orm)),
        "leak" => tokio::spawn(leak(orm)),
        case => panic!("no case {case:?}"),
    };
    Ok(Service {
        load,
        db,
        beside: Beside,
    })
}

async fn insert(db: DatabaseConnection) -> Result {
    db.execute_unprepared("INSERT INTO written DEFAULT VALUES")
        .await?;
    Ok(())
}

async fn long(db: DatabaseConnection) -> Result {
    ready();
    db.execute_unprepared("SELECT pg_sleep(60)").await?;
    Ok(())
}

async fn leak(db: DatabaseConnection) -> Result {
    let transaction = db.begin().await?;
    transaction
        .execute_unprepared("INSERT INTO written DEFAULT VALUES")
        .await?;
    std::mem::forget(transaction);
    ready();
    Ok(())
}

/// As most hold it, closed by its own method.
pub(crate) mod alone {
    use super::{Beside, DatabaseConnection, JoinHandle, Result, insert, load, port};
    use sea_orm::Database;

    #[derive(graceful::Shutdown)]
    pub(crate) struct Service {
        #[shutdown(timeout = "1s")]
        load: JoinHandle<Result>,
        #[shutdown(timeout = "2s", method = close)]
        db: DatabaseConnection,
        #[shutdown(timeout = "500ms")]
        beside: Beside,
    }

    #[graceful::main]
    pub(crate) async fn main() -> Result<Service> {
        let to = format!("postgres://postgres@127.0.0.1:{}/postgres", port());
        let db = Database::connect(to).await?;
        let orm = db.clone();
        let load = load(move || insert(orm.clone()));
        Ok(Service {
            load,
            db,
            beside: Beside,
        })
    }
}
