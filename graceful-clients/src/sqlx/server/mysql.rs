//! MySQL and MariaDB.

use super::{Ask, Left};
use sqlx::error::DatabaseError;
use sqlx::mysql::MySqlDatabaseError;
use sqlx::{AssertSqlSafe, MySql, MySqlConnection};

/// `ER_NO_SUCH_THREAD`: there is no session of this number.
const NO_SUCH_THREAD: u16 = 1094;

// A server that was restarted counts anew, so the client's address is part of the name.
impl Ask for MySql {
    async fn id(connection: &mut MySqlConnection) -> sqlx::Result<String> {
        sqlx::query_scalar(
            "SELECT CONCAT(id, ' ', host) FROM information_schema.processlist \
             WHERE id = CONNECTION_ID()",
        )
        .fetch_one(connection)
        .await
    }

    async fn left(connection: &mut MySqlConnection, ids: &[String]) -> sqlx::Result<Vec<Left>> {
        sqlx::query_as(
            "SELECT CONCAT(id, ' ', host) AS id, \
                    CONCAT('connection ', id, ', ', LOWER(command), ' for ', time, ' s', \
                           COALESCE(CONCAT(': `', LEFT(info, 100), '`'), '')) AS doing \
             FROM information_schema.processlist \
             WHERE FIND_IN_SET(CONCAT(id, ' ', host), ?) AND id <> CONNECTION_ID() \
             ORDER BY info IS NULL, time DESC",
        )
        .bind(ids.join(","))
        .fetch_all(connection)
        .await
    }

    async fn end(connection: &mut MySqlConnection, ids: &[String]) -> sqlx::Result<Vec<Left>> {
        let left = Self::left(connection, ids).await?;
        for session in &left {
            kill(connection, session).await?;
        }
        Ok(left)
    }
}

async fn kill(connection: &mut MySqlConnection, session: &Left) -> sqlx::Result<()> {
    let id = session.id.split(' ').next().unwrap_or_default();
    // A number that the server has given: `KILL` takes no parameter.
    let kill = AssertSqlSafe(format!("KILL {id}"));
    match sqlx::raw_sql(kill).execute(connection).await {
        // It has ended by itself meanwhile.
        Err(sqlx::Error::Database(error)) if number(&*error) == Some(NO_SUCH_THREAD) => Ok(()),
        result => result.map(drop),
    }
}

/// What MySQL calls an error: its SQLSTATE is the same of many.
fn number(error: &dyn DatabaseError) -> Option<u16> {
    let error = error.try_downcast_ref::<MySqlDatabaseError>()?;
    Some(error.number())
}
