//! Closes a pool, and says what it waits for.

use crate::tell::{connections_in_use, tell_until};
use graceful_runtime::Context;
use sqlx::{Database, Pool};

/// Closes a pool: nobody gets a connection any more, those that are out are waited for, then all are closed.
///
/// While it waits it says how many are out. At the limit these are left to the end of the process, and so are the idle
/// ones: `sqlx` closes none of them before it has all. What they run in the server goes on there: see
/// [`Pool`](super::Pool).
///
/// ```no_run
/// #[derive(graceful::Shutdown)]
/// struct App {
///     #[shutdown(timeout = "2s", with = graceful_clients::sqlx::close)]
///     db: sqlx::SqlitePool,
/// }
/// # fn main() {}
/// ```
///
/// # Cancel safety
///
/// Nothing is lost: the pool stays closed to those who ask for a connection.
pub async fn close<DB: Database>(pool: Pool<DB>, cx: Context) {
    tell_until(&cx, pool.close(), || in_use(&pool)).await;
}

/// How many connections are out, in words.
pub(super) fn in_use<DB: Database>(pool: &Pool<DB>) -> Option<String> {
    let all = pool.size() as usize;
    connections_in_use(all.saturating_sub(pool.num_idle()), all)
}
