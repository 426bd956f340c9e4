//! For the tests of a program: its stop in no time at all, with any field made faulty, and the
//! program itself as a child process. With the feature `test-util`:
//!
//! ```toml
//! [dev-dependencies]
//! graceful-app = { version = "0.1", features = ["test-util"] }
//! ```
//!
//! - [`run`] closes a state in paused time, with the [faults](Fault) that it is told, and
//!   [`AssertReport`] says what is to have come of it.
//! - [`matrix`] does so for each field and each fault, and checks what is to hold in all of them.
//! - [`Program`] starts the real thing, signals it, and has its exit code and output.
//!
//! ```
//! use graceful::testing::{AssertReport as _, Fault, run};
//! use std::time::Duration;
//!
//! #[derive(graceful::Shutdown)]
//! #[shutdown(timeout = "15s")]
//! struct App {
//!     #[shutdown(timeout = "10s")]
//!     http: tokio::task::JoinHandle<()>,
//!     #[shutdown(timeout = "2s", drop)]
//!     db: String,
//! }
//!
//! # fn main() { // in a test: #[test] fn a_hanging_server_leaves_the_database_its_time()
//! let report = run(async || App {
//!     http: tokio::spawn(graceful::requested()),
//!     db: "sqlite:".to_owned(),
//! })
//! .fault("http", Fault::Hang)
//! .report();
//!
//! report
//!     .assert_timed_out("http")
//!     .assert_closed("db")
//!     .assert_order(["http", "db"]);
//! assert_eq!(report.started("db"), Duration::from_secs(10));
//! # }
//! ```

mod assert;
mod life;
mod matrix;
mod names;
#[cfg(unix)]
mod process;
mod run;
mod witness;

pub use crate::fault::Fault;
pub use assert::AssertReport;
pub use matrix::{Matrix, Table, matrix};
#[cfg(unix)]
pub use process::{Ended, Pipe, Process, Program};
pub use run::{Run, run};
