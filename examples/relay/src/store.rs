//! The database.

use crate::payment::Payment;
use sqlx::SqlitePool;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions};

#[derive(Clone, Debug)]
pub(crate) struct Store(SqlitePool);

const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS payments (id INTEGER PRIMARY KEY, account INTEGER NOT NULL, amount INTEGER NOT NULL);
    CREATE TABLE IF NOT EXISTS accounts (id INTEGER PRIMARY KEY, owner TEXT NOT NULL);
";

impl Store {
    pub(crate) async fn open(file: &str) -> sqlx::Result<Self> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal);
        // SQLite has one writer: a queue for one connection is fairer than several that retry.
        let pool = SqlitePoolOptions::new()
            .max_connections(1)
            .connect_with(options)
            .await?;
        sqlx::raw_sql(SCHEMA).execute(&pool).await?;
        Ok(Self(pool))
    }

    pub(crate) async fn answers(self) -> sqlx::Result<()> {
        sqlx::query("SELECT 1").execute(&self.0).await?;
        Ok(())
    }

    pub(crate) async fn book(&self, payment: &Payment) -> sqlx::Result<()> {
        let insert =
            sqlx::query("INSERT OR IGNORE INTO payments (id, account, amount) VALUES (?, ?, ?)");
        let insert = insert
            .bind(payment.id)
            .bind(payment.account)
            .bind(payment.amount);
        insert.execute(&self.0).await?;
        Ok(())
    }

    /// Accounts that nobody has told of get a name of their own.
    pub(crate) async fn owner(&self, account: i64) -> sqlx::Result<String> {
        let select = sqlx::query_as("SELECT owner FROM accounts WHERE id = ?").bind(account);
        let row: Option<(String,)> = select.fetch_optional(&self.0).await?;
        Ok(row.map_or_else(|| format!("owner of {account}"), |(owner,)| owner))
    }

    pub(crate) async fn close(&self) {
        self.0.close().await;
    }
}
