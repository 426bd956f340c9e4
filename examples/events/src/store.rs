//! The database: what was processed, what was put aside, and how far it all came.

use graceful::Failure;
use serde::{Deserialize, Serialize};
use sqlx::SqlitePool;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions};
use std::pin::Pin;
use std::sync::Arc;

/// One event, by the feed's number.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Event {
    pub(crate) number: u64,
    pub(crate) amount: u64,
}

#[derive(Clone, Debug)]
pub(crate) struct Store(SqlitePool);

const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS processed (number INTEGER PRIMARY KEY, amount INTEGER NOT NULL);
    CREATE TABLE IF NOT EXISTS notified (number INTEGER PRIMARY KEY);
    CREATE TABLE IF NOT EXISTS dead_letters (number INTEGER PRIMARY KEY, amount INTEGER NOT NULL, error TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS left_over (number INTEGER NOT NULL, amount INTEGER NOT NULL);
    CREATE TABLE IF NOT EXISTS checkpoint (id INTEGER PRIMARY KEY, reached INTEGER NOT NULL);
";

type Stored = Pin<Box<dyn Future<Output = sqlx::Result<()>> + Send>>;

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

    /// The set of what was done: an event that comes again is not done twice.
    pub(crate) async fn is_processed(&self, event: &Event) -> sqlx::Result<bool> {
        let select = sqlx::query("SELECT 1 FROM processed WHERE number = ?");
        Ok(select
            .bind(number(event.number))
            .fetch_optional(&self.0)
            .await?
            .is_some())
    }

    pub(crate) async fn set_processed(&self, event: &Event) -> sqlx::Result<()> {
        let insert = sqlx::query("INSERT OR IGNORE INTO processed (number, amount) VALUES (?, ?)");
        insert
            .bind(number(event.number))
            .bind(number(event.amount))
            .execute(&self.0)
            .await?;
        Ok(())
    }

    pub(crate) async fn set_notified(&self, event: &Event) -> sqlx::Result<()> {
        let insert = sqlx::query("INSERT OR IGNORE INTO notified (number) VALUES (?)");
        insert.bind(number(event.number)).execute(&self.0).await?;
        Ok(())
    }

    pub(crate) async fn add_dead_letter(&self, event: &Event, error: &Failure) -> sqlx::Result<()> {
        let insert = sqlx::query(
            "INSERT OR IGNORE INTO dead_letters (number, amount, error) VALUES (?, ?, ?)",
        );
        let insert = insert.bind(number(event.number)).bind(number(event.amount));
        insert.bind(error.to_string()).execute(&self.0).await?;
        Ok(())
    }

    /// What is processed, and nobody has heard of: the process was killed between the two.
    pub(crate) async fn not_notified(&self) -> sqlx::Result<Vec<Event>> {
        let select = "SELECT number, amount FROM processed WHERE number NOT IN (SELECT number FROM notified)";
        self.events(select).await
    }

    /// Keeps what was accepted, and had no time to be processed, until the next start.
    pub(crate) fn put_aside(&self) -> impl Fn(Arc<Event>) -> Stored + Send + Sync + use<> {
        let store = self.clone();
        move |event| {
            let store = store.clone();
            Box::pin(async move {
                let insert = sqlx::query("INSERT INTO left_over (number, amount) VALUES (?, ?)");
                insert
                    .bind(number(event.number))
                    .bind(number(event.amount))
                    .execute(&store.0)
                    .await?;
                Ok(())
            })
        }
    }

    /// What was put aside at the last stop.
    pub(crate) async fn take_left_over(&self) -> sqlx::Result<Vec<Event>> {
        self.events("DELETE FROM left_over RETURNING number, amount")
            .await
    }

    async fn events(&self, query: &str) -> sqlx::Result<Vec<Event>> {
        let rows: Vec<(i64, i64)> = sqlx::query_as(query).fetch_all(&self.0).await?;
        let events = rows.into_iter().map(|(number, amount)| Event {
            number: number.cast_unsigned(),
            amount: amount.cast_unsigned(),
        });
        Ok(events.collect())
    }

    pub(crate) async fn checkpoint(&self) -> sqlx::Result<u64> {
        let select = sqlx::query_as("SELECT reached FROM checkpoint");
        let row: Option<(i64,)> = select.fetch_optional(&self.0).await?;
        Ok(row.map_or(0, |(reached,)| reached.cast_unsigned()))
    }

    pub(crate) async fn set_checkpoint(&self, reached: u64) -> sqlx::Result<()> {
        let replace = sqlx::query("INSERT OR REPLACE INTO checkpoint (id, reached) VALUES (1, ?)");
        replace.bind(number(reached)).execute(&self.0).await?;
        Ok(())
    }

    pub(crate) async fn close(&self) {
        self.0.close().await;
    }
}

/// As the database keeps them.
fn number(number: u64) -> i64 {
    number.cast_signed()
}
