//! What a server is asked of its sessions.

#[cfg(feature = "sqlx-mysql")]
mod mysql;
#[cfg(feature = "sqlx-postgres")]
mod postgres;

use sqlx::{Connection, Database};

/// Where a server is, and as whom it is asked.
pub(super) type Options<DB> = <<DB as Database>::Connection as Connection>::Options;

/// A database whose server knows its sessions: [`Postgres`](sqlx::Postgres) with the feature `sqlx-postgres`,
/// [`MySql`](sqlx::MySql) with `sqlx-mysql`.
pub trait Server: Ask {}

impl<DB: Ask> Server for DB {}

/// Not for others to implement.
#[doc(hidden)]
pub trait Ask: Database {
    /// What tells the session of this connection from all others that its server has, or has had.
    fn id(connection: &mut Self::Connection) -> impl Future<Output = sqlx::Result<String>> + Send;

    /// Which of these sessions are there beside that of this connection, those that do something first.
    fn left(
        connection: &mut Self::Connection,
        ids: &[String],
    ) -> impl Future<Output = sqlx::Result<Vec<Left>>> + Send;

    /// The same, and ends them.
    fn end(
        connection: &mut Self::Connection,
        ids: &[String],
    ) -> impl Future<Output = sqlx::Result<Vec<Left>>> + Send;
}

/// A session that is there.
#[doc(hidden)]
#[derive(Debug, sqlx::FromRow)]
pub struct Left {
    pub(super) id: String,
    pub(super) doing: String,
}
