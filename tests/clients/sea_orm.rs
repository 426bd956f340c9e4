//! `sea-orm`.

use crate::databases::{Held, waits_for_what_is_out};
use crate::servers::postgres;

#[test]
fn over_a_pool_that_leaves_no_session_behind() {
    let Some(mut server) = postgres::start() else {
        return;
    };
    let mut held = Held {
        client: "sea-orm",
        database: &postgres::DATABASE,
        server: &mut server,
    };
    held.loses_nothing_under_load();
    held.long("pg_sleep")
        .assert_stderr(&["db", "failed: 1 of", "in use", "pg_sleep(60)"]);
    held.leak().assert_code(1).assert_stderr(&[
        "db",
        "failed: 1 of",
        "in use",
        "idle in transaction",
    ]);
    held.client = "sea-orm-alone";
    held.loses_nothing_under_load();
    waits_for_what_is_out(&held.frozen());
}
