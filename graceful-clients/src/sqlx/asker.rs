//! The connection over which a server is asked for the sessions that are left.

use super::server::{Left, Options, Server};
use super::sessions::Sessions;
use sqlx::ConnectOptions as _;
use sqlx::Connection as _;
use std::pin::pin;
use std::time::Duration;
use tokio::time::timeout;

/// Asks a server for the sessions of a pool, beside the pool.
pub(super) struct Asker<DB: Server>(DB::Connection);

impl<DB: Server> Asker<DB> {
    /// Over this idle connection of the pool, or else over a new one: for that a server may have to start a process first, and it may
    /// have no room.
    pub(super) async fn over(
        idle: Option<DB::Connection>,
        idle_answers_within: Duration,
        options: &Options<DB>,
        sessions: &Sessions<DB>,
    ) -> sqlx::Result<Self> {
        let new = async { Self::ready(options.connect().await?, sessions).await };
        let Some(mut idle) = idle else {
            return new.await;
        };
        let mut over_idle = pin!(async {
            // One whose role was changed does not even see itself.
            DB::id(&mut idle).await?;
            Self::ready(idle, sessions).await
        });
        match timeout(idle_answers_within, &mut over_idle).await {
            Ok(Ok(asker)) => Ok(asker),
            Ok(Err(_)) => new.await,
            // It may be long dead, or late.
            Err(_) => match new.await {
                Ok(asker) => Ok(asker),
                Err(error) => over_idle.await.map_err(|_| error),
            },
        }
    }

    /// It asks at once: what a server has to prepare for that is not left for when there is little time.
    async fn ready(connection: DB::Connection, sessions: &Sessions<DB>) -> sqlx::Result<Self> {
        let mut asker = Self(connection);
        asker.left(sessions).await?;
        Ok(asker)
    }

    /// The other sessions that are still there.
    pub(super) async fn left(&mut self, sessions: &Sessions<DB>) -> sqlx::Result<Vec<Left>> {
        DB::left(&mut self.0, &sessions.all()).await
    }

    /// Has the server end them: those that were still there.
    pub(super) async fn end(&mut self, sessions: &Sessions<DB>) -> sqlx::Result<Vec<Left>> {
        DB::end(&mut self.0, &sessions.all()).await
    }

    /// Takes leave of the server.
    pub(super) async fn leave(self) {
        // All that it was for is done.
        let _ = self.0.close().await;
    }
}
