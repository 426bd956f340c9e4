//! `/livez`, `/readyz` and `/healthz`: what a balancer, an orchestrator and a person ask.
//!
//! ```no_run
//! use axum::{Router, routing::get};
//! use graceful::health::{Check, Health};
//! use graceful::http::Server;
//! # #[derive(Clone)] struct Pool;
//! # impl Pool { async fn ping(&self) -> std::io::Result<()> { Ok(()) } async fn close(&self) {} }
//!
//! #[derive(graceful::Shutdown)]
//! struct App {
//!     #[shutdown(timeout = "10s")]
//!     http: Server,
//!     #[shutdown(timeout = "3s", method = close)]
//!     db: Pool,
//!     #[shutdown(timeout = "1s")] // last: probes and metrics are answered until here
//!     admin: Server,
//! }
//!
//! #[graceful::main(delay = "5s")]
//! async fn main() -> std::io::Result<App> {
//!     let db = Pool;
//!     let pool = db.clone();
//!     let health = Health::new().check(Check::new("db", move || {
//!         let pool = pool.clone();
//!         async move { pool.ping().await }
//!     }));
//!     let metrics = Router::new().route("/metrics", get(|| async { "requests_total 42\n" }));
//!     Ok(App {
//!         http: Server::bind("0.0.0.0:3000").await?.serve(Router::new()),
//!         db,
//!         admin: Server::bind("0.0.0.0:9990").await?.serve(health.router().merge(metrics)),
//!     })
//! }
//! ```

mod answer;
mod ask;
mod check;
mod probes;

pub use ask::ask;
pub use check::Check;
pub use probes::Health;
