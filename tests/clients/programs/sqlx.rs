//! `sqlx`: pools of each server.

use crate::service::{Beside, case, load, port, ready};
use graceful::Result;
use graceful_clients::sqlx::Pool;
use sqlx::mysql::{MySql, MySqlPoolOptions};
use sqlx::postgres::{PgPoolOptions, Postgres};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool};
use tokio::task::JoinHandle;

pub(crate) mod postgres {
    use super::{
        Beside, JoinHandle, PgPoolOptions, Pool, Postgres, Result, case, load, port, ready,
    };

    #[derive(graceful::Shutdown)]
    pub(crate) struct Service {
        #[shutdown(timeout = "1s")]
        load: JoinHandle<Result>,
        #[shutdown(timeout = "4s")]
        db: Pool<Postgres>,
        #[shutdown(timeout = "500ms")]
        beside: Beside,
    }

    #[graceful::main]
    pub(crate) async fn main() -> Result<Service> {
        let to = format!("postgres://postgres@127.0.0.1:{}/postgres", port());
        // Else who waits for an answer may wait for that of a check, and has no connection yet.
        let options = PgPoolOptions::new()
            .min_connections(2)
            .max_connections(5)
            .test_before_acquire(false);
        let db = Pool::connect(options, to.parse()?).await?;
        let pool = sqlx::Pool::clone(&db);
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

    async fn insert(pool: sqlx::PgPool) -> Result {
        let insert = sqlx::query("INSERT INTO written DEFAULT VALUES");
        insert.execute(&pool).await?;
        Ok(())
    }

    async fn long(pool: sqlx::PgPool) -> Result {
        ready();
        sqlx::query("SELECT pg_sleep(60)").execute(&pool).await?;
        Ok(())
    }

    async fn leak(pool: sqlx::PgPool) -> Result {
        let mut transaction = pool.begin().await?;
        let insert = sqlx::query("INSERT INTO written DEFAULT VALUES");
        insert.execute(&mut *transaction).await?;
        std::mem::forget(transaction);
        ready();
        Ok(())
    }

    /// Closed beside what uses it: a statement is cut when the pool is closed already.
    pub(crate) mod beside {
        use super::{Beside, JoinHandle, PgPoolOptions, Pool, Postgres, Result, case, long, port};

        #[derive(graceful::Shutdown)]
        pub(crate) struct Service {
            #[shutdown(timeout = "1s")]
            load: JoinHandle<Result>,
            #[shutdown(order = 0, timeout = "4s")]
            db: Pool<Postgres>,
            #[shutdown(timeout = "500ms")]
            beside: Beside,
        }

        #[graceful::main]
        pub(crate) async fn main() -> Result<Service> {
            assert_eq!(case(), "long");
            let to = format!("postgres://postgres@127.0.0.1:{}/postgres", port());
            let db = Pool::connect(PgPoolOptions::new(), to.parse()?).await?;
            Ok(Service {
                load: tokio::spawn(long(sqlx::Pool::clone(&db))),
                db,
                beside: Beside,
            })
        }
    }

    /// As most hold it, closed by its own method.
    pub(crate) mod alone {
        use super::{Beside, JoinHandle, Result, insert, load, port};
        use sqlx::PgPool;

        #[derive(graceful::Shutdown)]
        pub(crate) struct Service {
            #[shutdown(timeout = "1s")]
            load: JoinHandle<Result>,
            #[shutdown(timeout = "2s", method = close)]
            db: PgPool,
            #[shutdown(timeout = "500ms")]
            beside: Beside,
        }

        #[graceful::main]
        pub(crate) async fn main() -> Result<Service> {
            let to = format!("postgres://postgres@127.0.0.1:{}/postgres", port());
            let db = PgPool::connect(&to).await?;
            let pool = db.clone();
            let load = load(move || insert(pool.clone()));
            Ok(Service {
                load,
                db,
                beside: Beside,
            })
        }
    }
}

pub(crate) mod mysql {
    use super::{
        Beside, JoinHandle, MySql, MySqlPoolOptions, Pool, Result, case, load, port, ready,
    };

    #[derive(graceful::Shutdown)]
    pub(crate) struct Service {
        #[shutdown(timeout = "1s")]
        load: JoinHandle<Result>,
        #[shutdown(timeout = "4s")]
        db: Pool<MySql>,
        #[shutdown(timeout = "500ms")]
        beside: Beside,
    }

    #[graceful::main]
    pub(crate) async fn main() -> Result<Service> {
        let to = format!("mysql://root@127.0.0.1:{}/tests", port());
        let options = MySqlPoolOptions::new()
            .min_connections(2)
            .max_connections(5)
            .test_before_acquire(false);
        let db = Pool::connect(options, to.parse()?).await?;
        let pool = sqlx::Pool::clone(&db);
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

    async fn insert(pool: sqlx::MySqlPool) -> Result {
        let insert = sqlx::query("INSERT INTO written VALUES ()");
        insert.execute(&pool).await?;
        Ok(())
    }

    /// It computes, and never looks at its client.
    async fn long(pool: sqlx::MySqlPool) -> Result {
        ready();
        let long = sqlx::query("SELECT BENCHMARK(2000000000, SHA1('a'))");
        long.execute(&pool).await?;
        Ok(())
    }

    async fn leak(pool: sqlx::MySqlPool) -> Result {
        let mut transaction = pool.begin().await?;
        let insert = sqlx::query("INSERT INTO written VALUES ()");
        insert.execute(&mut *transaction).await?;
        std::mem::forget(transaction);
        ready();
        Ok(())
    }
}

pub(crate) mod sqlite {
    use super::{
        Beside, JoinHandle, Result, SqliteConnectOptions, SqliteJournalMode, SqlitePool, case,
        load, ready,
    };

    #[derive(graceful::Shutdown)]
    pub(crate) struct Service {
        #[shutdown(timeout = "1s")]
        load: JoinHandle<Result>,
        #[shutdown(timeout = "1s", with = graceful_clients::sqlx::close)]
        db: SqlitePool,
        #[shutdown(timeout = "500ms")]
        beside: Beside,
    }

    #[graceful::main]
    pub(crate) async fn main() -> Result<Service> {
        let options = SqliteConnectOptions::new()
            .filename(std::env::var_os("FILE").expect("FILE"))
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal);
        let db = SqlitePool::connect_with(options).await?;
        let create = sqlx::query("CREATE TABLE written (id INTEGER PRIMARY KEY)");
        create.execute(&db).await?;
        let pool = db.clone();
        let load = match &*case() {
            "load" => load(move || insert(pool.clone())),
            "leak" => tokio::spawn(leak(pool)),
            case => panic!("no case {case:?}"),
        };
        Ok(Service {
            load,
            db,
            beside: Beside,
        })
    }

    async fn insert(pool: SqlitePool) -> Result {
        let insert = sqlx::query("INSERT INTO written DEFAULT VALUES");
        insert.execute(&pool).await?;
        Ok(())
    }

    async fn leak(pool: SqlitePool) -> Result {
        std::mem::forget(pool.acquire().await?);
        ready();
        Ok(())
    }
}
