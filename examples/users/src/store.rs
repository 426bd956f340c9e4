//! The database: `SQLite`, or `PostgreSQL` with the feature `postgres`. Both understand the same statements.

use serde::{Deserialize, Serialize};
use sqlx::AnyPool;
use sqlx::any::AnyPoolOptions;

#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct User {
    pub(crate) id: i64,
    pub(crate) name: String,
}

#[derive(Clone, Debug)]
pub(crate) struct Store(AnyPool);

impl Store {
    pub(crate) async fn connect(url: &str) -> sqlx::Result<Self> {
        sqlx::any::install_default_drivers();
        let is_sqlite = url.starts_with("sqlite:");
        // SQLite has one writer: a queue for one connection is fairer than several that retry.
        let connections = if is_sqlite { 1 } else { 10 };
        let pool = AnyPoolOptions::new()
            .max_connections(connections)
            .connect(url)
            .await?;
        if is_sqlite {
            // Replicas share the file: each waits for the others.
            sqlx::query("PRAGMA journal_mode = WAL")
                .execute(&pool)
                .await?;
            sqlx::query("PRAGMA busy_timeout = 5000")
                .execute(&pool)
                .await?;
        }
        let id = if is_sqlite {
            "INTEGER PRIMARY KEY"
        } else {
            "BIGSERIAL PRIMARY KEY"
        };
        let schema = format!("CREATE TABLE IF NOT EXISTS users (id {id}, name TEXT NOT NULL)");
        sqlx::query(&schema).execute(&pool).await?;
        Ok(Self(pool))
    }

    pub(crate) async fn answers(self) -> sqlx::Result<()> {
        sqlx::query("SELECT 1").execute(&self.0).await?;
        Ok(())
    }

    pub(crate) async fn add(&self, name: String) -> sqlx::Result<User> {
        let insert =
            sqlx::query_as("INSERT INTO users (name) VALUES ($1) RETURNING id").bind(&name);
        let (id,): (i64,) = insert.fetch_one(&self.0).await?;
        Ok(User { id, name })
    }

    pub(crate) async fn user(&self, id: i64) -> sqlx::Result<Option<User>> {
        let select = sqlx::query_as("SELECT name FROM users WHERE id = $1").bind(id);
        let row: Option<(String,)> = select.fetch_optional(&self.0).await?;
        Ok(row.map(|(name,)| User { id, name }))
    }

    pub(crate) async fn all(&self) -> sqlx::Result<Vec<User>> {
        let select = sqlx::query_as("SELECT id, name FROM users ORDER BY id");
        let rows: Vec<(i64, String)> = select.fetch_all(&self.0).await?;
        Ok(rows
            .into_iter()
            .map(|(id, name)| User { id, name })
            .collect())
    }

    pub(crate) async fn close(&self) {
        self.0.close().await;
    }
}
