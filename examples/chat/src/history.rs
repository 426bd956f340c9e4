//! What was said, in a database.

use crate::message::{Line, Said};
use sqlx::SqlitePool;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use std::path::Path;

#[derive(Clone, Debug)]
pub(crate) struct History(SqlitePool);

impl History {
    pub(crate) async fn open(file: &Path) -> sqlx::Result<Self> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // On the disk before it returns: who hears a line may rely on it.
            .synchronous(SqliteSynchronous::Full);
        // SQLite has one writer: a queue for one connection is fairer than several that retry.
        let pool = SqlitePoolOptions::new()
            .max_connections(1)
            .connect_with(options)
            .await?;
        let schema = "CREATE TABLE IF NOT EXISTS lines \
            (user_id TEXT NOT NULL, number INTEGER NOT NULL, text TEXT NOT NULL, PRIMARY KEY (user_id, number))";
        sqlx::query(schema).execute(&pool).await?;
        Ok(Self(pool))
    }

    /// Stores it, unless it is there already.
    pub(crate) async fn add(&self, user_id: &str, said: Said) -> sqlx::Result<Line> {
        let insert =
            sqlx::query("INSERT OR IGNORE INTO lines (user_id, number, text) VALUES (?, ?, ?)");
        let number = said.number.cast_signed();
        insert
            .bind(user_id)
            .bind(number)
            .bind(&said.text)
            .execute(&self.0)
            .await?;
        Ok(Line {
            user_id: user_id.to_owned(),
            number: said.number,
            text: said.text,
        })
    }

    pub(crate) async fn answers(&self) -> sqlx::Result<()> {
        sqlx::query("SELECT 1").execute(&self.0).await?;
        Ok(())
    }

    pub(crate) async fn close(&self) {
        self.0.close().await;
    }
}
