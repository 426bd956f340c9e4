//! `sqlx` 0.9: pools of PostgreSQL, MySQL, MariaDB and SQLite.
//!
//! `method = close` closes a pool of any version. It waits until every connection has been given back, and then closes
//! them; of one that never is nothing is said but that the time was up. [`close`] does the same and says how many are
//! out. [`Pool`] ends what is left in the server, too.

#[cfg(any(feature = "sqlx-mysql", feature = "sqlx-postgres"))]
mod asker;
mod close;
#[cfg(any(feature = "sqlx-mysql", feature = "sqlx-postgres"))]
mod pool;
#[cfg(any(feature = "sqlx-mysql", feature = "sqlx-postgres"))]
mod server;
#[cfg(any(feature = "sqlx-mysql", feature = "sqlx-postgres"))]
mod sessions;

pub use close::close;
#[cfg(any(feature = "sqlx-mysql", feature = "sqlx-postgres"))]
pub use pool::Pool;
#[cfg(any(feature = "sqlx-mysql", feature = "sqlx-postgres"))]
pub use server::Server;
