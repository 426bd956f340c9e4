//! A pool that leaves no session behind in its server.

use super::asker::Asker;
use super::close::in_use;
use super::server::{Left, Options, Server};
use super::sessions::Sessions;
use crate::limit::last_moment;
use crate::patience::patience_ends;
use crate::tell::tell_until;
use graceful_runtime::{Context, Result, Shutdown};
use sqlx::Connection;
use sqlx::pool::{PoolConnection, PoolOptions};
use std::fmt;
use std::ops::Deref;
use std::time::Duration;
use tokio::join;
use tokio::time::{Instant, sleep, timeout_at};

/// A name is enough to find the place; a whole statement is not read in a report.
const NAMED: usize = 3;

/// How often the server is asked whether it is done.
const ASK_AGAIN: Duration = Duration::from_millis(50);

/// A pool that leaves no session behind in its server.
///
/// A server that runs a query does not look whether its client is still there. MySQL and MariaDB run it to its end,
/// PostgreSQL too unless `client_connection_check_interval` is set: whoever stops in the middle of a long one leaves it
/// behind, with its locks. A connection that was leaked keeps the pool from closing at all.
///
/// So this one knows its sessions. Closing it waits as [`close`](super::close) does, and where connections were out, until
/// the server has none of its sessions any more, which it asks over an idle connection, or over one more where none is idle: one whose
/// query was cut is closed as it comes back, while the server goes on. With a quarter of the time left, one second at most, it has the server end what is
/// left. The step has then failed, and its error says what each of them was doing.
///
/// It can be used as the pool that it holds, and cloned.
///
/// ```no_run
/// use graceful_clients::sqlx::Pool;
/// use sqlx::{Postgres, postgres::PgPoolOptions};
///
/// #[derive(graceful::Shutdown)]
/// struct App {
///     #[shutdown(timeout = "4s")]
///     db: Pool<Postgres>,
/// }
///
/// #[graceful::main]
/// async fn main() -> sqlx::Result<App> {
///     let options = PgPoolOptions::new().max_connections(10);
///     let db = Pool::connect(options, "postgres://127.0.0.1/orders".parse()?).await?;
///     sqlx::query("SELECT 1").execute(&*db).await?;
///     Ok(App { db })
/// }
/// ```
///
/// Not behind a pooler such as PgBouncer: there a session in the server serves the clients of many.
pub struct Pool<DB: Server> {
    pool: sqlx::Pool<DB>,
    sessions: Sessions<DB>,
}

impl<DB: Server> Pool<DB> {
    /// Connects, as [`PoolOptions::connect_with`] does. The place of
    /// [`after_connect`](PoolOptions::after_connect) is taken: what each connection needs can be asked for in `to`, or
    /// in [`before_acquire`](PoolOptions::before_acquire). Each new connection costs one more query.
    ///
    /// # Errors
    ///
    /// That of the first connection.
    pub async fn connect(options: PoolOptions<DB>, to: Options<DB>) -> sqlx::Result<Self> {
        let sessions = Sessions::default();
        let pool = sessions.record_in(options).connect_with(to).await?;
        Ok(Self { pool, sessions })
    }

    /// Waits until the server has none of the sessions any more, and then has it end what is left.
    async fn end_sessions(
        &self,
        mut asker: Asker<DB>,
        patience_ends: Instant,
    ) -> sqlx::Result<Vec<Left>> {
        while Instant::now() < patience_ends {
            if asker.left(&self.sessions).await?.is_empty() {
                asker.leave().await;
                return Ok(Vec::new());
            }
            sleep(ASK_AGAIN).await;
        }
        let left = asker.end(&self.sessions).await?;
        asker.leave().await;
        Ok(left)
    }
}

impl<DB: Server> Shutdown for Pool<DB> {
    async fn shutdown(self, cx: Context) -> Result {
        // One may come back meanwhile, so it is looked on both sides of the moment from which nobody gets one.
        let were_out = in_use(&self.pool);
        let idle = self.pool.try_acquire().map(PoolConnection::detach);
        let closed = self.pool.close();
        let limit = last_moment(&cx);
        // As it is now: later it depends on which task of `sqlx` comes first, the one that returns a connection or this one.
        let Some(out) = were_out.or_else(|| in_use(&self.pool)) else {
            let farewell = timeout_at(limit, say_goodbye(closed, idle)).await;
            return farewell.map_err(|_| "the server does not hear idle connections out".into());
        };
        let patience_ends = patience_ends(&cx);
        let closed = tell_until(&cx, closed, || in_use(&self.pool));
        let options = self.pool.connect_options();
        // At once, while there is time: to let somebody in, a server may have to start a process.
        let asker = Asker::over(idle, cx.remaining() / 4, &*options, &self.sessions);
        let (closed, asker) = join!(timeout_at(patience_ends, closed), timeout_at(limit, asker));
        let left = match asker {
            Err(_) => Err("the server does not answer".to_owned()),
            Ok(Err(error)) => Err(error.to_string()),
            Ok(Ok(asker)) => {
                cx.progress(format!("{out}; the server is asked to end their sessions"));
                timeout_at(limit, self.end_sessions(asker, patience_ends))
                    .await
                    .map_err(|_| "the server does not answer".to_owned())
                    .and_then(|left| left.map_err(|error| error.to_string()))
            }
        };
        let left = left.map_err(|why_not| {
            format!("{out}, and their sessions could not be ended: {why_not}")
        })?;
        if closed.is_ok() && left.is_empty() {
            return Ok(());
        }
        Err(format!("{out}; ended in the server: {}", in_words(&left)).into())
    }
}

/// Closes what is idle, where nothing else is there.
async fn say_goodbye<C: Connection>(closed: impl Future<Output = ()>, idle: Option<C>) {
    closed.await;
    if let Some(connection) = idle {
        // One that is dead already has nobody to be told.
        let _ = connection.close().await;
    }
}

/// Those that do something first.
fn in_words(left: &[Left]) -> String {
    let mut words: Vec<_> = left
        .iter()
        .take(NAMED)
        .map(|session| session.doing.as_str())
        .collect();
    let more = format!("{} more", left.len().saturating_sub(NAMED));
    match left.len() {
        0 => return "none was left".to_owned(),
        len if len > NAMED => words.push(&more),
        _ => {}
    }
    words.join(", ")
}

impl<DB: Server> Deref for Pool<DB> {
    type Target = sqlx::Pool<DB>;

    fn deref(&self) -> &sqlx::Pool<DB> {
        &self.pool
    }
}

impl<DB: Server> Clone for Pool<DB> {
    fn clone(&self) -> Self {
        Self {
            pool: self.pool.clone(),
            sessions: self.sessions.clone(),
        }
    }
}

impl<DB: Server> fmt::Debug for Pool<DB> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Pool").field(&self.pool).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_sessions_are_named_and_the_rest_is_counted() {
        let left: Vec<_> = (1..=5)
            .map(|id| Left {
                id: id.to_string(),
                doing: format!("{id} idle"),
            })
            .collect();
        assert_eq!(in_words(&left[..0]), "none was left");
        assert_eq!(in_words(&left[..1]), "1 idle");
        assert_eq!(in_words(&left), "1 idle, 2 idle, 3 idle, 2 more");
    }
}
