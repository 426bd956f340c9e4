//! Clients of databases that nobody here depends on, known by their names.

use graceful::Shutdown;

mod sqlx {
    pub struct Postgres;
    pub struct Pool<D>(D);
    pub struct MySqlPool;
    pub struct SqlitePool;
    pub struct AnyPool;
    pub type PgPool = Pool<Postgres>;
}

mod sea_orm {
    pub struct DatabaseConnection;
}

mod deadpool_postgres {
    pub struct Pool;
}

mod deadpool_redis {
    pub struct Pool;
}

mod mysql_async {
    pub struct Pool;
}

mod tokio_rusqlite {
    pub struct Connection;
}

mod sled {
    pub struct Db;
}

mod mongodb {
    pub struct Client;
}

mod clickhouse {
    pub mod inserter {
        pub struct Inserter;
    }
}

use clickhouse::inserter;
use sqlx::PgPool;

#[derive(Shutdown)]
struct App {
    #[shutdown(drop)]
    marked: String,
    postgres: PgPool,
    generic: sqlx::Pool<sqlx::Postgres>,
    mysql: sqlx::MySqlPool,
    sqlite: sqlx::SqlitePool,
    any: sqlx::AnyPool,
    orm: sea_orm::DatabaseConnection,
    deadpool: deadpool_postgres::Pool,
    redis: deadpool_redis::Pool,
    mysql_async: mysql_async::Pool,
    rusqlite: tokio_rusqlite::Connection,
    sled: sled::Db,
    mongo: mongodb::Client,
    rows: inserter::Inserter,
}

fn main() {}

// errors: 13
