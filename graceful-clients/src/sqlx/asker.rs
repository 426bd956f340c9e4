//! The connection over which a server is asked for the sessions that are left.

use super::server::{Left, Options, Server};
use super::sessions::Sessions;
use sqlx::ConnectOptions as _;
use sqlx::Connection as _;
use std::time::Duration;
use tokio::time::timeout;

/// Asks a server for the sessions of a pool, beside the pool.
pub(super) struct Asker<DB: Server> {
    connection: DB::Connection,
    /// Its own session, where it was one of the pool's.
    own: Option<String>,
}

impl<DB: Server> Asker<DB> {
    /// Over this idle connection of the pool, or else over a new one: for that a server may have to start a process first, and it may
    /// have no room.
    pub(super) async fn over(
        idle: Option<DB::Connection>,
        options: &Options<DB>,
        idle_answers_within: Duration,
    ) -> sqlx::Result<Self> {
        if let Some(mut connection) = idle {
            // It may be long dead; and one whose role was changed does not even see itself.
            let own = timeout(idle_answers_within, DB::id(&mut connection)).await;
            if let Ok(Ok(own)) = own {
                return Ok(Self {
                    connection,
                    own: Some(own),
                });
            }
        }
        Ok(Self {
            connection: options.connect().await?,
            own: None,
        })
    }

    /// The other sessions that are still there.
    pub(super) async fn left(&mut self, sessions: &Sessions<DB>) -> sqlx::Result<Vec<Left>> {
        let mut left = sessions.left(&mut self.connection).await?;
        left.retain(|session| Some(&session.id) != self.own.as_ref());
        Ok(left)
    }

    /// Has the server end these, and takes leave of it.
    pub(super) async fn end(mut self, left: &[Left]) -> sqlx::Result<()> {
        for session in left {
            DB::end(&mut self.connection, session).await?;
        }
        // All that it was for is done.
        let _ = self.connection.close().await;
        Ok(())
    }
}
