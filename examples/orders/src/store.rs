//! The database. Each step of an order, and what is to be said of it, are one transaction.

use sqlx::SqlitePool;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

#[derive(Clone, Debug)]
pub(crate) struct Store(SqlitePool);

/// What is to be sent, in its order.
pub(crate) struct Letter {
    pub(crate) id: i64,
    pub(crate) order: i64,
    pub(crate) state: String,
}

const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS orders (id INTEGER PRIMARY KEY, item TEXT NOT NULL, state TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS outbox (id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL, state TEXT NOT NULL);
";

impl Store {
    pub(crate) async fn open(file: &str) -> sqlx::Result<Self> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // On the disk before it returns: an answer is a promise.
            .synchronous(SqliteSynchronous::Full);
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

    pub(crate) async fn place(&self, item: &str) -> sqlx::Result<i64> {
        let insert =
            sqlx::query("INSERT INTO orders (item, state) VALUES (?, 'placed')").bind(item);
        Ok(insert.execute(&self.0).await?.last_insert_rowid())
    }

    /// Where its saga is, and goes on from.
    pub(crate) async fn state(&self, order: i64) -> sqlx::Result<Option<String>> {
        let select = sqlx::query_as("SELECT state FROM orders WHERE id = ?").bind(order);
        Ok(select
            .fetch_optional(&self.0)
            .await?
            .map(|(state,): (String,)| state))
    }

    pub(crate) async fn unfinished(&self) -> sqlx::Result<Vec<i64>> {
        let select = sqlx::query_as("SELECT id FROM orders WHERE state <> 'confirmed' ORDER BY id");
        let rows: Vec<(i64,)> = select.fetch_all(&self.0).await?;
        Ok(rows.into_iter().map(|(id,)| id).collect())
    }

    pub(crate) async fn advance(&self, order: i64, state: &str) -> sqlx::Result<()> {
        let mut transaction = self.0.begin().await?;
        let update = sqlx::query("UPDATE orders SET state = ? WHERE id = ?");
        update
            .bind(state)
            .bind(order)
            .execute(&mut *transaction)
            .await?;
        let insert = sqlx::query("INSERT INTO outbox (order_id, state) VALUES (?, ?)");
        insert
            .bind(order)
            .bind(state)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await
    }

    pub(crate) async fn letters(&self) -> sqlx::Result<Vec<Letter>> {
        let select = sqlx::query_as("SELECT id, order_id, state FROM outbox ORDER BY id LIMIT 100");
        let rows: Vec<(i64, i64, String)> = select.fetch_all(&self.0).await?;
        let letters = rows
            .into_iter()
            .map(|(id, order, state)| Letter { id, order, state });
        Ok(letters.collect())
    }

    /// All up to this one have been confirmed by the broker.
    pub(crate) async fn sent(&self, letter: i64) -> sqlx::Result<()> {
        let delete = sqlx::query("DELETE FROM outbox WHERE id <= ?").bind(letter);
        delete.execute(&self.0).await?;
        Ok(())
    }

    pub(crate) async fn backlog(&self) -> sqlx::Result<i64> {
        let (count,) = sqlx::query_as("SELECT COUNT(*) FROM outbox")
            .fetch_one(&self.0)
            .await?;
        Ok(count)
    }

    pub(crate) async fn close(&self) {
        self.0.close().await;
    }
}
