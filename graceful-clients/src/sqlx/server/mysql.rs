//! MySQL and MariaDB.

use super::{Ask, Left};
use sqlx::{AssertSqlSafe, MySql, MySqlConnection};

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
             WHERE FIND_IN_SET(CONCAT(id, ' ', host), ?) ORDER BY info IS NULL, time DESC",
        )
        .bind(ids.join(","))
        .fetch_all(connection)
        .await
    }

    async fn end(connection: &mut MySqlConnection, session: &Left) -> sqlx::Result<()> {
        // A number that the server has given: `KILL` takes no parameter.
        let kill = AssertSqlSafe(format!("KILL {}", session.number()));
        match sqlx::raw_sql(kill).execute(connection).await {
            // It has ended by itself meanwhile.
            Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some("HY000") => Ok(()),
            result => result.map(drop),
        }
    }
}
