//! `sqlx`: pools of each server.

use crate::databases::{Held, waits_for_what_is_out};
use crate::kit::{program, ready, says_in_time};
use crate::servers::mariadb::{self, MARIADB};
use crate::servers::postgres;
use graceful::Signal;
use graceful::testing::Ended;
use std::path::Path;
use std::time::Duration;

#[test]
fn postgres() {
    let Some(mut server) = postgres::start() else {
        return;
    };
    let mut held = Held {
        client: "sqlx-postgres",
        database: &postgres::DATABASE,
        server: &mut server,
    };
    held.loses_nothing_under_load();
    held.long("pg_sleep").assert_stderr(&[
        "db",
        "failed: 1 of",
        "in use; ended in the server:",
        "active for",
        "pg_sleep(60)",
    ]);
    held.leak().assert_code(1).assert_stderr(&[
        "db",
        "failed: 1 of",
        "in use; ended in the server:",
        "idle in transaction for",
        "INSERT INTO written",
    ]);
    is_not_answered(&held.frozen());
    held.lets_nobody_in("pg_sleep", postgres::lets_in)
        .assert_stderr(&[
            "db",
            "failed: 1 of",
            "in use; ended in the server:",
            "pg_sleep(60)",
        ]);
    // `sqlx` closes a connection that comes back to a closed pool, whatever its server does for it.
    held.client = "sqlx-postgres-beside";
    held.long("pg_sleep").assert_stderr(&[
        "db",
        "failed: 1 of",
        "in use; ended in the server:",
        "pg_sleep(60)",
    ]);
    held.client = "sqlx-postgres-alone";
    held.loses_nothing_under_load();
    waits_for_what_is_out(&held.frozen());
    held.client = "sqlx-postgres";
    held.cut_off("pg_sleep", is_cut_off);
    held.gone("pg_sleep").assert_stderr(&["load", "timed out"]);
}

#[test]
fn mysql() {
    let Some(mut server) = MARIADB.start() else {
        return;
    };
    let mut held = Held {
        client: "sqlx-mysql",
        database: &mariadb::DATABASE,
        server: &mut server,
    };
    held.loses_nothing_under_load();
    held.long("BENCHMARK").assert_stderr(&[
        "db",
        "failed: 1 of",
        "in use; ended in the server:",
        "BENCHMARK",
    ]);
    held.leak().assert_code(1).assert_stderr(&[
        "db",
        "failed: 1 of",
        "in use; ended in the server:",
        "sleep for",
    ]);
    is_not_answered(&held.frozen());
    held.cut_off("BENCHMARK", is_cut_off);
    held.gone("BENCHMARK").assert_stderr(&["load", "timed out"]);
}

fn is_not_answered(ended: &Ended) {
    let error = "in use, and their sessions could not be ended: the server does not answer";
    says_in_time(ended, "db", &[error], "");
}

fn is_cut_off(ended: &Ended) {
    let error = "in use, and their sessions could not be ended:";
    says_in_time(ended, "db", &["1 of", error], "1 of");
}

fn sqlite(case: &str, file: &Path) -> Ended {
    let mut service = ready(program("sqlx-sqlite", case, 0).env("FILE", file));
    service
        .after(Duration::from_millis(200))
        .signal(Signal::Terminate)
        .end()
}

/// What was written stands in one file: the log that SQLite keeps beside it has been written back.
#[test]
fn sqlite_is_one_file_with_all_that_was_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("db");
    let ended = sqlite("load", &file);
    ended.assert_code(0).assert_stdout(&["beside: closed"]);
    let files = folder.path().read_dir().unwrap().count();
    assert_eq!(files, 1, "{ended}");
    let rows = rows_of(&file);
    assert_ne!(rows, 0);
    ended.assert_stdout(&[&format!("acknowledged {rows}")]);
}

#[test]
fn a_leaked_connection_of_sqlite_is_named_at_the_limit() {
    let folder = tempfile::tempdir().unwrap();
    let ended = sqlite("leak", &folder.path().join("db"));
    ended
        .assert_code(1)
        .assert_within(Duration::from_secs(8))
        .assert_stderr(&["db", "timed out", "connections is in use"])
        .assert_stdout(&["beside: closed"]);
}

fn rows_of(file: &Path) -> i64 {
    use sqlx::Connection as _;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(async {
        let to = format!("sqlite://{}", file.display());
        let mut db = sqlx::SqliteConnection::connect(&to).await.unwrap();
        let rows = sqlx::query_scalar("SELECT COUNT(*) FROM written");
        rows.fetch_one(&mut db).await.unwrap()
    })
}
