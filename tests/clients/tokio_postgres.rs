//! `tokio-postgres`, and the pools over it: `deadpool-postgres` and `bb8-postgres`.

use crate::databases::Held;
use crate::kit::Server;
#[cfg(feature = "tokio-postgres")]
use crate::kit::says_in_time;
use crate::servers::postgres;
#[cfg(any(feature = "bb8", feature = "deadpool"))]
use graceful::testing::Ended;

fn held<'a>(client: &'static str, server: &'a mut Server) -> Held<'a> {
    Held {
        client,
        database: &postgres::DATABASE,
        server,
    }
}

#[cfg(feature = "tokio-postgres")]
#[test]
fn client() {
    let Some(mut server) = postgres::start() else {
        return;
    };
    let mut held = held("tokio-postgres", &mut server);
    held.loses_nothing_under_load();
    held.long("pg_sleep")
        .assert_stderr(&["db", "failed: what the server still ran was cancelled"]);
    held.leak()
        .assert_code(1)
        .assert_stderr(&["db", "failed", "somebody still holds the client"]);
    held.frozen()
        .assert_stderr(&["db", "failed", "the server does not answer"]);
    held.cut_off("pg_sleep", |ended| {
        let error = "the connection did not end and was cut";
        says_in_time(ended, "db", &[error], "");
    });
    held.gone("pg_sleep").assert_stderr(&["db", "failed"]);
}

/// What was cut is not waited for.
#[cfg(any(feature = "bb8", feature = "deadpool"))]
fn is_closed(ended: &Ended) {
    ended.assert_stderr(&["db", "closed"]);
}

#[cfg(feature = "deadpool")]
#[test]
fn deadpool() {
    let Some(mut server) = postgres::start() else {
        return;
    };
    let mut held = held("deadpool", &mut server);
    held.loses_nothing_under_load();
    // Given back where its task is cut, and dropped with its connection.
    held.long("pg_sleep").assert_stderr(&["db", "closed"]);
    held.leak()
        .assert_code(1)
        .assert_stderr(&["db", "timed out", "1 of 1 connections is in use"]);
    held.frozen().assert_stderr(&["db", "closed"]);
    held.cut_off("pg_sleep", is_closed);
    held.gone("pg_sleep").assert_stderr(&["db", "closed"]);
}

#[cfg(feature = "bb8")]
#[test]
fn bb8() {
    let Some(mut server) = postgres::start() else {
        return;
    };
    let mut held = held("bb8", &mut server);
    held.loses_nothing_under_load();
    held.long("pg_sleep").assert_stderr(&["db", "closed"]);
    held.leak()
        .assert_code(1)
        .assert_stderr(&["db", "timed out", "connections is in use"]);
    held.frozen().assert_stderr(&["db", "closed"]);
    held.cut_off("pg_sleep", is_closed);
    held.gone("pg_sleep").assert_stderr(&["db", "closed"]);
}
