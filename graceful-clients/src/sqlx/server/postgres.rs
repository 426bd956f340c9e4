//! PostgreSQL.

use super::{Ask, Left};
use sqlx::{PgConnection, Postgres};

// The number of a process is given again to others, so the moment of its start is part of the name.
impl Ask for Postgres {
    async fn id(connection: &mut PgConnection) -> sqlx::Result<String> {
        sqlx::query_scalar(
            "SELECT pid || ' ' || extract(epoch FROM backend_start) \
             FROM pg_stat_activity WHERE pid = pg_backend_pid()",
        )
        .fetch_one(connection)
        .await
    }

    async fn left(connection: &mut PgConnection, ids: &[String]) -> sqlx::Result<Vec<Left>> {
        left(connection, ids, false).await
    }

    async fn end(connection: &mut PgConnection, ids: &[String]) -> sqlx::Result<Vec<Left>> {
        left(connection, ids, true).await
    }
}

/// One statement for both, which is prepared when it is asked to end them: that takes one answer.
async fn left(
    connection: &mut PgConnection,
    ids: &[String],
    end_them: bool,
) -> sqlx::Result<Vec<Left>> {
    sqlx::query_as(
        "SELECT pid || ' ' || extract(epoch FROM backend_start) AS id, \
                format('process %s, %s for %s s: `%s`', pid, coalesce(state, 'unknown'), \
                       round(extract(epoch FROM clock_timestamp() - state_change)::numeric, 1), left(query, 100)) AS doing, \
                CASE WHEN $2 THEN pg_terminate_backend(pid) END \
         FROM pg_stat_activity \
         WHERE pid || ' ' || extract(epoch FROM backend_start) = ANY($1) AND pid <> pg_backend_pid() \
         ORDER BY state = 'idle', state_change",
    )
    .bind(ids)
    .bind(end_them)
    .fetch_all(connection)
    .await
}
