//! Annotate a tokio service, and it stops well: in order, each part within its time, with a report of what happened.
//!
//! ```
//! use graceful::Tracker;
//! use tokio::task::JoinHandle;
//!
//! #[derive(graceful::Shutdown)]
//! #[shutdown(timeout = "20s")] // proven at compile time to hold for the fields
//! struct App {
//!     #[shutdown(timeout = "10s", critical)] // first; if it ends by itself, the service stops
//!     consumer: JoinHandle<()>,
//!     #[shutdown(timeout = "5s")] // then: the work that it began
//!     jobs: Tracker,
//!     #[shutdown(timeout = "2s", method = close)] // only then: what both of them use
//!     db: Db,
//! }
//! # #[derive(Clone)]
//! # struct Db;
//! # impl Db {
//! #     async fn connect() -> Result<Self, std::io::Error> { Ok(Self) }
//! #     async fn close(&self) {}
//! # }
//! # async fn consume(_: Tracker, _: Db) { graceful::requested().await }
//!
//! #[graceful::main]
//! async fn main() -> Result<App, std::io::Error> {
//!     # graceful::request("the example is over");
//!     let db = Db::connect().await?;
//!     let jobs = Tracker::new();
//!     let consumer = tokio::spawn(consume(jobs.clone(), db.clone()));
//!     Ok(App { consumer, jobs, db }) // it runs until a signal, and is closed field by field
//! }
//! ```
//!
//! # Where to begin
//!
//! - [`#[graceful::main]`](macro@main) takes the place of `#[tokio::main]`: it takes the signals, and ends the process
//!   in time. [`#[graceful::test]`](macro@test) does the same for a test.
//! - [`#[derive(Shutdown)]`](derive@Shutdown) closes the fields of a state; [`Shutdown`](trait@Shutdown) is the trait
//!   behind it, for a type of your own.
//! - [`requested`] is the future that servers, tasks and loops wait for, and [`until_requested`] what an accept loop
//!   wants. [`is_requested`] is for a loop that looks.
//! - [`resource`] closes what a start-up has opened, also where it fails; [`defer`] and [`manage`] register any close.
//! - [`Tracker`] counts work in flight. [`critical`] is for a task whose end is a reason to stop.
//! - [`exit`] takes the place of `std::process::exit`, which skips every close.
//! - [`Embedded`] is a service in a host that owns the signals: for libraries, plug-ins and tests.
//! - [`Builder`] does it all without macros.
//!
//! # What holds
//!
//! **Signals.** SIGINT and SIGTERM are taken before your code runs, also as PID 1, and are answered while every thread of
//! the runtime is blocked. A second one forces the exit, with the report; a third does not wait for it. Signals that
//! follow each other within 250 ms are one: wrappers and terminals send copies.
//!
//! **Order.** Lower orders come first, equal ones at the same time; `after(http)` lets a field begin as soon as those that
//! it names have ended. A field that fails, panics, hangs or blocks its thread keeps no other from being closed.
//!
//! **Time.** One deadline is frozen when the stop begins. Each field has its own limit, and what later ones declared is set
//! aside. Fields without a limit share what nobody declared.
//!
//! **Proof.** A plan longer than its budget does not compile, nested states included. Nor does a timeout that the platform
//! would cut short, a cycle, or a field that can be closed and has no mark.
//!
//! **Nothing else changes.** A `main` that returns no state behaves as under `#[tokio::main]`. A body that listens to the
//! signals itself, or asks for the stop, ends by itself within the deadline.
//!
//! # What is logged
//!
//! Events go through `tracing`, with the target `graceful`. They come from a thread of `graceful`'s own, since a subscriber
//! may block: so install a global one, as services do. One that is set for a thread or a scope does not see them. Where
//! nobody listens, the lines that a person has to know of go to standard error. So does the [`Report`] if the stop was
//! not clean, or with `report = "always"`. With `GRACEFUL_REPORT_FILE`, or the option `report_file`, it is also appended to a
//! file; [`on_report`] gives it to your own code.
//!
//! # Features
//!
//! | feature | |
//! | --- | --- |
//! | `macros` (default) | the attributes and the derive |
//! | `rt-multi-thread` (default) | tokio's multi-threaded runtime |
//! | `field-limits` (default) | `GRACEFUL_TIMEOUT_DB=10s`: the limit of one field from the environment |
//! | `http`, `http-tls` | `graceful::http`: a server for axum routers and tower services that loses no request in a rolling restart |
//! | `ws` | `graceful::ws`: WebSockets that are closed with a frame |
//! | `grpc` | `graceful::grpc`: tonic's services, and streams that end so that clients may retry |
//! | `health` | `graceful::health`: `/livez`, `/readyz` and `/healthz`, right from the first moment of the stop |
//! | `tokio-util` | [`Shutdown`](trait@Shutdown) for its `TaskTracker` and `CancellationToken`; `Handle::token` |
//! | `process` | [`Shutdown`](trait@Shutdown) for tokio's `Child`: asked, waited for, killed |
//! | `serde`, `json` | the [`Report`] as JSON; a line of it in a file for each stop |
//! | `metrics` | `graceful::metrics`: the stop through the `metrics` facade, and a last scrape before the process ends |
//! | `spans` | the stop as spans of `tracing`, one for the whole and one for each step |
//! | `systemd` | `graceful::systemd`: ready, stopping, status, more time while there is progress, watchdog |
//! | `timeline` | `graceful::timeline`: a report as a page for a browser, and as a Mermaid diagram |
//! | `platform` | `graceful::platform`: what of the platform's settings will not let the process stop well |
//! | `plan` | `GRACEFUL_PLAN=text`: the program prints its plan in place of a run, for `cargo graceful` |
//! | `test-util` | `graceful::testing`: a stop in paused time with any field broken, and real signals to a real process |

#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "macros")]
pub use graceful_macros::Shutdown;
#[cfg(all(feature = "macros", feature = "rt-multi-thread"))]
pub use graceful_macros::{main, test};
#[cfg(all(feature = "macros", not(feature = "rt-multi-thread")))]
pub use graceful_macros::{main_rt as main, test_rt as test};

// By its name, so that rustc names the feature where it is missing: it sees none behind a `*`.
#[cfg(feature = "test-util")]
#[cfg_attr(docsrs, doc(cfg(feature = "test-util")))]
#[doc(inline)]
pub use graceful_runtime::testing;
#[doc(inline)]
pub use graceful_runtime::*;

#[cfg(feature = "metrics")]
#[cfg_attr(docsrs, doc(cfg(feature = "metrics")))]
#[doc(inline)]
pub use graceful_operations::metrics;
#[cfg(feature = "platform")]
#[cfg_attr(docsrs, doc(cfg(feature = "platform")))]
#[doc(inline)]
pub use graceful_operations::platform;
#[cfg(all(feature = "systemd", target_os = "linux"))]
#[cfg_attr(docsrs, doc(cfg(all(feature = "systemd", target_os = "linux"))))]
#[doc(inline)]
pub use graceful_operations::systemd;
#[cfg(feature = "timeline")]
#[cfg_attr(docsrs, doc(cfg(feature = "timeline")))]
#[doc(inline)]
pub use graceful_operations::timeline;
#[cfg(feature = "grpc")]
#[cfg_attr(docsrs, doc(cfg(feature = "grpc")))]
#[doc(inline)]
pub use graceful_servers::grpc;
#[cfg(feature = "health")]
#[cfg_attr(docsrs, doc(cfg(feature = "health")))]
#[doc(inline)]
pub use graceful_servers::health;
#[cfg(feature = "http")]
#[cfg_attr(docsrs, doc(cfg(feature = "http")))]
#[doc(inline)]
pub use graceful_servers::http;
#[cfg(feature = "ws")]
#[cfg_attr(docsrs, doc(cfg(feature = "ws")))]
#[doc(inline)]
pub use graceful_servers::ws;

#[doc(hidden)]
pub use graceful_runtime::private as macros_of_graceful;

/// Its blocks are tests, as those of the guide.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
