//! The kit's matrix over what a service really holds.

use axum::Router;
use graceful::Tracker;
use graceful::http::Server;
use graceful::testing::{Fault, matrix};
use sqlx::SqlitePool;
use std::time::Duration;
use tokio::time::sleep;

/// A server with its socket, a worker that its handlers feed, and a database.
#[test]
fn a_service_with_a_server_holds() {
    #[derive(graceful::Shutdown)]
    #[shutdown(timeout = "4s")]
    struct Service {
        #[shutdown(timeout = "1s")]
        http: Server,
        #[shutdown(timeout = "1s")]
        jobs: Tracker,
        #[shutdown(timeout = "2s", method = close)]
        db: SqlitePool,
    }
    let table = matrix(async || {
        let jobs = Tracker::new();
        drop(jobs.spawn(sleep(Duration::from_millis(20))));
        let server = Server::bind("127.0.0.1:0").await.unwrap();
        Service {
            http: server.serve(Router::new()),
            jobs,
            db: SqlitePool::connect("sqlite::memory:").await.unwrap(),
        }
    })
    .real_time()
    .faults([Fault::Hang, Fault::Fail("gone")])
    .run();
    println!("{table}");
    table.assert_holds();
}
