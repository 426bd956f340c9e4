//! A service that holds one client: `holder <client> <case>`, with the server's port in `PORT`.

#[cfg(feature = "redis")]
mod redis;
#[cfg(feature = "servers")]
mod service;
#[cfg(feature = "sqlx")]
mod sqlx;

use std::process::{ExitCode, Termination as _};

fn main() -> ExitCode {
    let client = std::env::args().nth(1);
    match client.as_deref() {
        #[cfg(feature = "redis")]
        Some("redis") => redis::main().report(),
        #[cfg(feature = "sqlx")]
        Some("sqlx-postgres") => sqlx::postgres::main().report(),
        #[cfg(feature = "sqlx")]
        Some("sqlx-mysql") => sqlx::mysql::main().report(),
        #[cfg(feature = "sqlx")]
        Some("sqlx-sqlite") => sqlx::sqlite::main().report(),
        client => panic!("no client {client:?} in this build"),
    }
}
