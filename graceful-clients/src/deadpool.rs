//! `deadpool` 0.13: the pools of `deadpool-postgres`, `deadpool-redis`, `diesel-async` and others.
//!
//! [`Pool::close`] returns at once: who holds a connection keeps it, and so its session in the server. [`close`] waits
//! for them.

use crate::tell::{connections_in_use, none_is_left, tell_until};
use deadpool::managed::{Manager, Object, Pool};
use graceful_runtime::Context;

/// Closes a pool: nobody gets a connection any more, the idle ones are dropped, and those that are out as they come back,
/// which it waits for. Meanwhile it says how many are out. At the limit these are left to the end of the process.
///
/// A connection of `deadpool-postgres` is cut when it is dropped, and the server goes on with what it was asked for:
/// set [`client_connection_check_interval`][check], and it notices.
///
/// ```no_run
/// # mod deadpool_postgres {
/// #     pub struct Manager;
/// #     impl deadpool::managed::Manager for Manager {
/// #         type Type = (); type Error = (); async fn create(&self) -> Result<(), ()> { Ok(()) }
/// #         async fn recycle(&self, _: &mut (), _: &deadpool::managed::Metrics) -> deadpool::managed::RecycleResult<()> { Ok(()) }
/// #     }
/// #     pub type Pool = deadpool::managed::Pool<Manager>;
/// # }
/// #[derive(graceful::Shutdown)]
/// struct App {
///     #[shutdown(timeout = "2s", with = graceful_clients::deadpool::close)]
///     db: deadpool_postgres::Pool,
/// }
/// # fn main() {}
/// ```
///
/// # Cancel safety
///
/// Nothing is lost: the pool stays closed.
///
/// [check]: https://www.postgresql.org/docs/current/runtime-config-connection.html#GUC-CLIENT-CONNECTION-CHECK-INTERVAL
pub async fn close<M, W>(pool: Pool<M, W>, cx: Context)
where
    M: Manager + 'static,
    W: From<Object<M>> + 'static,
{
    pool.close();
    // Those that come back are dropped, and counted no more. One that is just being made is for somebody who waits.
    let out = || {
        let status = pool.status();
        status.size + status.waiting
    };
    let all = out();
    tell_until(&cx, none_is_left(out), || connections_in_use(out(), all)).await;
}

#[cfg(test)]
mod tests {
    use super::close;
    use deadpool::managed::{Manager, Metrics, Pool, RecycleResult};
    use graceful::testing::{AssertReport as _, run};
    use std::convert::Infallible;
    use std::time::Duration;
    use tokio::time::sleep;

    /// It takes a second to make a connection.
    struct Slow;

    impl Manager for Slow {
        type Type = ();
        type Error = Infallible;

        async fn create(&self) -> Result<(), Infallible> {
            sleep(Duration::from_secs(1)).await;
            Ok(())
        }

        async fn recycle(&self, (): &mut (), _: &Metrics) -> RecycleResult<Infallible> {
            Ok(())
        }
    }

    #[derive(graceful::Shutdown)]
    struct App {
        #[shutdown(timeout = "5s", with = close)]
        db: Pool<Slow>,
    }

    #[test]
    fn a_connection_that_is_just_being_made_is_waited_for_until_it_comes_back() {
        let report = run(async || {
            let db: Pool<Slow> = Pool::builder(Slow).build().unwrap();
            let pool = db.clone();
            tokio::spawn(async move {
                let connection = pool.get().await.unwrap();
                sleep(Duration::from_secs(2)).await;
                drop(connection);
            });
            sleep(Duration::from_millis(500)).await;
            App { db }
        })
        .report();
        report.assert_clean();
        let took = report.step("db").unwrap().took;
        assert!(took >= Duration::from_millis(2_500), "{report}");
    }
}
